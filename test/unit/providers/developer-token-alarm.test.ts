import { Registry } from 'prom-client';
import { developerTokenAlarm, developerTokenRejections } from '../../../adapters/telemetry/developer-token-alarm';

test('a refused developer token is counted each time and logged once a minute', async () => {
  const registry = new Registry();
  const lines: unknown[] = [];
  let now = 0;
  const alarm = developerTokenAlarm(
    { count: developerTokenRejections(registry), log: { error: (line: unknown) => void lines.push(line) } },
    () => now,
  );
  for (now = 0; now < 150_000; now += 1_000) alarm();
  expect(lines).toEqual(Array(3).fill({ provider: 'apple_music', code: 'developer_token_rejected' }));
  expect(await registry.metrics()).toContain('dnp_developer_token_rejections_total 150');
});
