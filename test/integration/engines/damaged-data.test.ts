import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../dev/engines/free-port';
import { startPostgres } from '../../../dev/engines/postgres';
import { projectRoot } from '../../../dev/engines/project-root';
import { startTemporal } from '../../../dev/engines/temporal';

const cacheDir = process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines');

describe('a damaged data folder', () => {
  let dataDir: string;
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'dnp-damaged-'));
    chmodSync(dataDir, 0o755);
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('of PostgreSQL is named in one sentence with what to do, and no process stays', async () => {
    const port = await freePort();
    const good = await startPostgres({ dataDir, port, throwaway: true });
    await good.stop();
    rmSync(join(dataDir, 'postgres', 'global', 'pg_control'));
    const start = startPostgres({ dataDir, port, throwaway: true });
    await expect(start).rejects.toThrow(
      /^PostgreSQL can't start on its data in .*postgres \(".*"\): put the folder back in order, or begin anew with "npm run reset"\.$/,
    );
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  it('of Temporal likewise', async () => {
    mkdirSync(join(dataDir, 'temporal'));
    writeFileSync(join(dataDir, 'temporal', 'state.db'), 'this is no database, and never was one');
    const [port, httpPort, metricsPort] = [await freePort(), await freePort(), await freePort()];
    const start = startTemporal({ dataDir, cacheDir, port, uiPort: null, httpPort, metricsPort });
    await expect(start).rejects.toThrow(
      /^Temporal can't start on its state in .*state\.db \(".*"\): put the file back in order, or begin anew with "npm run reset"\.$/,
    );
  });

  it('that only a crash of the machine left behind is no hindrance', async () => {
    const port = await freePort();
    const first = await startPostgres({ dataDir, port });
    process.kill(first.pid ?? 0, 'SIGKILL');
    await first.ended;
    // The number may be anybody's after a restart of the machine; ours is certainly no PostgreSQL.
    writeFileSync(join(dataDir, 'postgres', 'postmaster.pid'), `${process.pid}\n`);
    const second = await startPostgres({ dataDir, port });
    await second.stop();
  });
});
