import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { portFaults } from '../../../dev/supervisor/ports';
import { portsToTake, readSettings } from '../../../dev/supervisor/settings';

describe('the launcher’s settings', () => {
  it('has the ports that the documentation names', () => {
    const numbers = portsToTake(readSettings({}), {}).map(({ variable, number }) => [variable, number]);
    expect(Object.fromEntries(numbers)).toEqual({
      API_PORT: 8080,
      METRICS_PORT: 9464,
      WORKER_METRICS_PORT: 9465,
      TEMPORAL_METRICS_PORT: 9466,
      SANDBOX_PORT: 8090,
      TEMPORAL_PORT: 7233,
      TEMPORAL_UI_PORT: 8233,
      POSTGRES_PORT: 5544,
      NEO4J_PORT: 7687,
    });
  });

  it('takes no port of an engine that runs elsewhere', () => {
    const own = {
      DATABASE_URL: 'postgres://elsewhere/x',
      TEMPORAL_ADDRESS: 'elsewhere:7233',
      NEO4J_URI: 'bolt://elsewhere',
    };
    const variables = portsToTake(readSettings(own), own).map(({ variable }) => variable);
    expect(variables).toEqual([
      'API_PORT',
      'METRICS_PORT',
      'WORKER_METRICS_PORT',
      'TEMPORAL_METRICS_PORT',
      'SANDBOX_PORT',
    ]);
  });

  it.each(['http', '0', '65536', '80.5'])('says which variable is no port: %s', (API_PORT) => {
    expect(() => readSettings({ API_PORT })).toThrow(`API_PORT is "${API_PORT}"`);
  });

  it('starts the sandbox unless it is refused, elsewhere or of no use', () => {
    expect(readSettings({}).sandbox).toBe(true);
    expect(readSettings({ GOOGLE_CLIENT_ID: 'a' }).sandbox).toBe(true);
    expect(readSettings({ GOOGLE_CLIENT_ID: 'a', SPOTIFY_CLIENT_ID: 'b' }).sandbox).toBe(false);
    expect(readSettings({ SANDBOX_URL: 'http://127.0.0.1:1' }).sandbox).toBe(false);
    expect(readSettings({ NODE_ENV: 'production' }).sandbox).toBe(false);
  });
});

describe('a taken port', () => {
  it('is named with its owner and with the variable that changes it', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    try {
      const [fault = ''] = await portFaults([{ name: 'the API', number: port, variable: 'API_PORT' }]);
      expect(fault).toMatch(
        new RegExp(`^Port ${port} for the API is taken.*: end that program, or set API_PORT to another port\\.$`),
      );
      if (process.platform === 'linux') expect(fault).toContain(`(process ${process.pid})`);
    } finally {
      server.close();
    }
  });

  it('is told where two of ours want the same', async () => {
    const twice = ['the API', 'Temporal'].map((name, index) => ({
      name,
      number: 1,
      variable: ['API_PORT', 'TEMPORAL_PORT'][index] ?? '',
    }));
    expect(await portFaults(twice)).toContain('Port 1 is meant for both the API and Temporal: change TEMPORAL_PORT.');
  });
});
