import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { setPriority } from 'node:os';
import { join } from 'node:path';
import { EngineProblem } from '../engine';
import { discard, startEngineProcess } from '../engine-process';
import { freePort } from '../free-port';
import { lastLine, runTool } from '../run-tool';
import type { Jdk } from './java';
import { NEO4J_SOURCES, pinnedJars } from './jars';

/** Everything that `java` needs to run our launcher. */
export interface JavaLauncher {
  readonly java: string;
  /** By environment instead of by argument, which keeps 200 paths out of the process list. */
  readonly classPath: string;
  readonly flags: readonly string[];
  /** Loaded classes in the form that this JVM maps at once; halves the start. */
  readonly archive: string;
}

const FLAGS = ['-Xms128m', '-XX:+UseSerialGC'];
/** For a graph of a few thousand artists that is wanted at once: what is compiled more thoroughly pays off only later. */
const SMALL = ['-Xmx512m', '-XX:TieredStopAtLevel=1'];
/** For hundreds of thousands. */
const LARGE = ['-Xmx1g'];

/** Compiles the launcher unless this source has been compiled by this JDK before. Throws EngineProblem. */
export async function neo4jLauncher(
  cacheDir: string,
  jars: string,
  jdk: Jdk,
  size: 'small' | 'large' = 'small',
): Promise<JavaLauncher> {
  const source = join(NEO4J_SOURCES, 'Launcher.java');
  const key = createHash('sha256').update(readFileSync(source)).update(jdk.version).digest('hex').slice(0, 16);
  const folder = join(cacheDir, `neo4j-launcher-${key}`);
  const program = join(folder, 'launcher.jar');
  if (!existsSync(program)) {
    mkdirSync(cacheDir, { recursive: true });
    const work = mkdtempSync(join(cacheDir, 'compiling-neo4j-'));
    try {
      await must(runTool(jdk.javac, ['-cp', join(jars, '*'), '-d', join(work, 'classes'), source]));
      await must(
        runTool(jdk.jar, ['--create', '--file', join(work, 'launcher.jar'), '-C', join(work, 'classes'), '.']),
      );
      // What was compiled from an older source or for another JDK comes with a large archive that nobody reads any more.
      for (const name of readdirSync(cacheDir)) if (name.startsWith('neo4j-launcher-')) discard(join(cacheDir, name));
      mkdirSync(folder, { recursive: true });
      renameSync(join(work, 'launcher.jar'), program);
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
  const paths = [...pinnedJars().keys()].sort().map((name) => join(jars, name));
  return {
    java: jdk.java,
    classPath: [program, ...paths].join(':'),
    flags: [...FLAGS, ...(size === 'small' ? SMALL : LARGE)],
    archive: join(folder, 'classes.jsa'),
  };
}

async function must(running: ReturnType<typeof runTool>): Promise<void> {
  const { code, stderr } = await running;
  if (code !== 0)
    throw new EngineProblem(
      `Neo4j's launcher couldn't be compiled (${lastLine(stderr)}): check the JDK, or set NEO4J_URI.`,
    );
}

/**
 * Starts and ends a Neo4j of no further use, at low priority, so that the JVM writes down the classes it loads and
 * later starts take half the time. Resolves early when stopped; a failure only means that starts stay slower.
 */
export async function rehearse(
  launcher: JavaLauncher,
  cacheDir: string,
  recordFile: string,
): Promise<{ stop(): Promise<void> }> {
  for (const name of readdirSync(cacheDir)) if (name.startsWith('rehearsing-neo4j-')) discard(join(cacheDir, name));
  const work = mkdtempSync(join(cacheDir, 'rehearsing-neo4j-'));
  const made = join(work, 'classes.jsa');
  const engine = await startEngineProcess({
    file: launcher.java,
    args: [
      ...launcher.flags,
      `-XX:ArchiveClassesAtExit=${made}`,
      'Launcher',
      join(work, 'data'),
      String(await freePort()),
      'rehearse',
    ],
    env: { PATH: process.env.PATH, CLASSPATH: launcher.classPath, NEO4J_PASSWORD: 'only-a-rehearsal' },
    logFile: join(work, 'log'),
    recordFile,
    stopSignal: 'SIGKILL',
    stopWithinMs: 1_000,
  });
  lowerPriority(engine.pid);
  const over = engine.ended.then((how) => {
    if (how === 'ended with code 0' && existsSync(made)) renameSync(made, launcher.archive);
    rmSync(work, { recursive: true, force: true });
  });
  return { stop: () => engine.stop().then(() => over) };
}

function lowerPriority(pid: number): void {
  try {
    setPriority(pid, 15);
  } catch {
    // Not allowed here; it only costs speed.
  }
}
