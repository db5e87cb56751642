import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ConfigError, loadConfig } from '../adapters/environment/config';
import { EngineProblem, type EngineReport } from './engines/engine';
import { inspectNeo4j } from './engines/neo4j';
import { inspectPostgres } from './engines/postgres';
import { projectRoot } from './engines/project-root';
import { inspectTemporal } from './engines/temporal';
import { runningLauncher } from './supervisor/one-at-a-time';
import { portFaults } from './supervisor/ports';
import { portsToTake, readSettings } from './supervisor/settings';

/** One thing looked at. `stops`: `npm start` would not come up. `limits`: it would, without a part. */
interface Finding {
  readonly grade: 'good' | 'limits' | 'stops';
  readonly subject: string;
  readonly text: string;
}

const MARKS = { good: 'ok ', limits: '(!)', stops: '!!!' };

/** Looks at everything that `npm start` would use, and starts, fetches and changes nothing. */
async function examine(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const settings = readSettings(environment);
  const launcher = runningLauncher(settings.dataDir);
  const where = relative(process.cwd(), settings.dataDir) || settings.dataDir;
  return [
    { grade: 'good', subject: 'Node.js', text: process.version },
    engineFinding(inspectPostgres(environment), 'stops'),
    engineFinding(inspectTemporal(environment, settings.cacheDir), 'stops'),
    engineFinding(inspectNeo4j(environment, settings.cacheDir), 'limits'),
    ...configurationFindings(environment),
    ...(launcher === null ? await portFindings(environment) : []),
    {
      grade: 'good',
      subject: 'Data',
      text: `${where}${existsSync(settings.dataDir) ? '' : ', not made yet'}${launcher === null ? '' : `; Do Not Play runs on it (process ${launcher})`}`,
    },
  ];
}

function engineFinding({ engine, state, detail }: EngineReport, whenMissing: 'stops' | 'limits'): Finding {
  if (state === 'missing') return { grade: whenMissing, subject: engine, text: detail };
  return { grade: 'good', subject: engine, text: state === 'fetch' ? `to be fetched: ${detail}` : detail };
}

function configurationFindings(environment: NodeJS.ProcessEnv): Finding[] {
  try {
    // Without keys of its own a start makes some, except in production.
    const made =
      environment.NODE_ENV === 'production' ? {} : { VAULT_KEYS: `dev-1:${Buffer.alloc(32).toString('base64url')}` };
    loadConfig({ ...made, ...environment });
    return [{ grade: 'good', subject: 'Settings', text: 'without fault' }];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.faults.map((text) => ({ grade: 'stops', subject: 'Settings', text }));
  }
}

async function portFindings(environment: NodeJS.ProcessEnv): Promise<Finding[]> {
  const ports = portsToTake(readSettings(environment), environment);
  const faults = await portFaults(ports);
  if (faults.length > 0) return faults.map((text) => ({ grade: 'stops', subject: 'Ports', text }));
  return [{ grade: 'good', subject: 'Ports', text: `${ports.map(({ number }) => number).join(', ')} are free` }];
}

async function main(): Promise<void> {
  const ownSettings = join(projectRoot, '.env');
  if (existsSync(ownSettings)) process.loadEnvFile(ownSettings);
  const findings = await examine(process.env);
  for (const { grade, subject, text } of findings) console.log(`${MARKS[grade]} ${subject.padEnd(11)} ${text}`);
  const stops = findings.some(({ grade }) => grade === 'stops');
  const limits = findings.some(({ grade }) => grade === 'limits');
  console.log(
    stops
      ? '\nnpm start would not come up: see the lines marked !!!.'
      : `\nnpm start would come up${limits ? ', without what the lines marked (!) name' : ''}.`,
  );
  process.exitCode = stops ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof EngineProblem ? error.message : error);
  process.exit(1);
});
