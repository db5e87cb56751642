import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { EngineProblem } from './engines/engine';
import { discardElsewhere, discardProgramsElsewhere } from './engines/postgres/elsewhere';
import { endRemembered } from './engines/process-record';
import { projectRoot } from './engines/project-root';
import { runningLauncher } from './supervisor/one-at-a-time';
import { readSettings } from './supervisor/settings';

const USAGE = 'npm run reset [-- --yes] [-- --all]: --yes asks nothing, --all removes the fetched engines too.';

/** Clears the data folder, and what PostgreSQL had to keep outside of it. Throws EngineProblem where it refuses. */
async function reset(flags: ReadonlySet<string>): Promise<void> {
  const { dataDir, cacheDir, runDir } = readSettings(process.env);
  const launcher = runningLauncher(dataDir);
  if (launcher !== null)
    throw new EngineProblem(`Do Not Play runs on ${dataDir} (process ${launcher}): stop it first.`);
  if (!existsSync(dataDir)) return console.log('There is nothing to clear.');
  const where = relative(process.cwd(), dataDir) || dataDir;
  if (!flags.has('--yes')) await confirmed(`This removes all data in ${where}: accounts, blocks, plans, runs, keys.`);
  await endRemembered(runDir, 10_000);
  discardElsewhere(dataDir);
  if (flags.has('--all')) discardProgramsElsewhere();
  for (const name of readdirSync(dataDir)) {
    const path = join(dataDir, name);
    if (path !== cacheDir || flags.has('--all')) rmSync(path, { recursive: true, force: true });
  }
  console.log(`Cleared ${where}${flags.has('--all') ? '' : '; the fetched engines stay'}.`);
  if (process.env.DATABASE_URL) console.log('The database that DATABASE_URL names is not ours to clear.');
}

async function confirmed(what: string): Promise<void> {
  if (!process.stdin.isTTY) throw new EngineProblem(`${what} Nobody can be asked here: add "-- --yes" to do it.`);
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`${what} Type "yes" to go on: `);
  terminal.close();
  if (answer.trim().toLowerCase() !== 'yes') throw new EngineProblem('Nothing was removed.');
}

const ownSettings = join(projectRoot, '.env');
if (existsSync(ownSettings)) process.loadEnvFile(ownSettings);
const flags = new Set(process.argv.slice(2));
const strange = [...flags].filter((flag) => flag !== '--yes' && flag !== '--all');
if (strange.length > 0) {
  console.error(`${strange.join(' ')} is unknown. ${USAGE}`);
  process.exit(2);
}
reset(flags).catch((error: unknown) => {
  console.error(error instanceof EngineProblem ? error.message : error);
  process.exit(1);
});
