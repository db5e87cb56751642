import { ConfigError, loadConfig, type Config } from '../../adapters/environment/config';
import type { Finding } from '../smoke-live/check';
import { liveProviders, smokeLive } from '../smoke-live/smoke-live';
import { stepsLeft } from '../smoke-live/steps';

const usage = `npm run smoke:live looks at real providers, with the credentials that the environment holds, and stores nothing.
Set those of at least one: GOOGLE_CLIENT_ID and _SECRET, GITHUB_CLIENT_ID and _SECRET, SPOTIFY_CLIENT_ID and _SECRET,
APPLE_CLIENT_ID, APPLE_TEAM_ID, APPLE_KEY_ID and APPLE_PRIVATE_KEY; and API_URL, if people reach the API elsewhere than
at http://127.0.0.1:8080. docs/real-providers.md says where they come from.
`;

/** Only what is about providers: no stand-in, and a vault that stays empty. */
function readConfig(): Config {
  return loadConfig({
    ...process.env,
    NODE_ENV: 'development',
    SANDBOX_URL: undefined,
    SPOTIFY_API_URL: undefined,
    VAULT_KEYS: `unused:${Buffer.alloc(32).toString('base64url')}`,
  });
}

/** `npm run smoke:live`: a table of what holds and what doesn't, then what is left for a person. 1 where something fails. */
async function main(): Promise<number> {
  let config: Config;
  try {
    config = readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(
      `The configuration has faults:\n${error.faults.map((fault) => `  ${fault}\n`).join('')}\n${usage}`,
    );
    return 2;
  }
  const missing = liveProviders.filter((id) => config[id] === null);
  if (missing.length === liveProviders.length) {
    process.stderr.write(`No provider's credentials are set.\n\n${usage}`);
    return 2;
  }
  const findings = await smokeLive(config);
  const steps = stepsLeft(config).map((step, n) => `${String(n + 1).padStart(2)}. ${step}`);
  process.stdout.write(`${tableOf(findings)}\n\nLeft for a person:\n${steps.join('\n')}\n`);
  if (missing.length > 0) process.stdout.write(`\nNot configured, so not looked at: ${missing.join(', ')}.\n`);
  return findings.every(({ holds }) => holds) ? 0 : 1;
}

function tableOf(findings: Finding[]): string {
  const rows = findings.map(({ provider, what, holds, said }) => [provider, what, holds ? 'holds' : 'FAILS', said]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, n) => cell.padEnd(widths[n] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`It did not work (${error instanceof Error ? error.name : 'unknown failure'}).\n`);
    process.exitCode = 1;
  },
);
