import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { EngineProblem, type Say } from '../engine';
import { projectRoot } from '../project-root';
import { lastLine, runTool } from '../run-tool';
import { sha256Of } from '../sha256';
import { findMaven } from './java';

export const NEO4J_VERSION = '5.26.12';
/** The Java source, the POM and the hashes; they are read from the source tree, from `dist` too. */
export const NEO4J_SOURCES = join(projectRoot, 'dev', 'engines', 'neo4j');
const MEGABYTES = 116;

const manifest = () => readFileSync(join(NEO4J_SOURCES, 'jars.sha256'), 'utf8');

/** SHA-256 by file name, as pinned. */
export function pinnedJars(): Map<string, string> {
  const lines = manifest().trim().split('\n');
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}

const jarsFolder = (cacheDir: string) => join(cacheDir, `neo4j-${NEO4J_VERSION}`, 'jars');

/** Whether all jars are there, as far as names, sizes and the last full check tell. */
export function jarsFetched(cacheDir: string): boolean {
  try {
    return readFileSync(join(jarsFolder(cacheDir), 'checked'), 'utf8') === stampOf(jarsFolder(cacheDir));
  } catch {
    return false;
  }
}

/** The folder with Neo4j's jars, fetched by Maven and checked where they aren't there. Throws EngineProblem. */
export async function neo4jJars(cacheDir: string, say: Say, signal?: AbortSignal): Promise<string> {
  const target = jarsFolder(cacheDir);
  if (jarsFetched(cacheDir)) return target;
  const maven = findMaven();
  say(
    `Neo4j       fetching ${NEO4J_VERSION} from Maven Central (${MEGABYTES} MB, once; the rest doesn't wait for it) …`,
  );
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, 'fetching-neo4j-'));
  try {
    await copyDependencies(maven, work, say, signal);
    await checkJars(work);
    writeFileSync(join(work, 'checked'), stampOf(work));
    rmSync(target, { recursive: true, force: true });
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(work, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

async function copyDependencies(maven: string, folder: string, say: Say, signal?: AbortSignal): Promise<void> {
  const total = pinnedJars().size;
  let fetched = 0;
  let said = Date.now();
  const pom = join(NEO4J_SOURCES, 'pom.xml');
  const args = ['--batch-mode', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`];
  const result = await runTool(maven, args, {
    signal,
    onLine: (line) => {
      if (!/Downloaded from .*\.jar/.test(line)) return;
      fetched += 1;
      if (Date.now() - said < 10_000) return;
      said = Date.now();
      say(`Neo4j       fetching … about ${Math.min(99, Math.round((100 * fetched) / total))}%`);
    },
  });
  if (result.code === 0) return;
  const fault = result.stdout.split('\n').find((line) => line.startsWith('[ERROR]')) ?? lastLine(result.stderr);
  throw new EngineProblem(
    `Neo4j couldn't be fetched by Maven (${fault.replace('[ERROR] ', '').slice(0, 200)}): check the network and Maven's settings, or set NEO4J_URI.`,
  );
}

async function checkJars(folder: string): Promise<void> {
  const pinned = pinnedJars();
  const found = readdirSync(folder).filter((name) => name.endsWith('.jar'));
  for (const name of found) if (!pinned.has(name)) throw strange(name);
  for (const [name, hash] of pinned) {
    if (!existsSync(join(folder, name)) || (await sha256Of(join(folder, name))) !== hash) throw strange(name);
  }
}

function strange(name: string): EngineProblem {
  return new EngineProblem(
    `Maven brought a ${name} that isn't the one this version was tested with, so Neo4j isn't run: check Maven's repositories and remove ~/.m2/repository, or set NEO4J_URI.`,
  );
}

/** Changes with the pinned list and with the name, size or time of any jar. */
function stampOf(folder: string): string {
  const hash = createHash('sha256').update(manifest());
  for (const name of [...pinnedJars().keys()].sort()) {
    const { size, mtimeMs } = statSync(join(folder, name));
    hash.update(`${name} ${size} ${Math.round(mtimeMs)}\n`);
  }
  return hash.digest('hex');
}
