import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProblem } from '../engine';
import { onPath } from '../on-path';

const OLDEST = 17;
const INSTALL = '"apt-get install openjdk-17-jdk-headless maven" or "brew install openjdk@17 maven"';

/** A JDK's programs and what `java -version` says. */
export interface Jdk {
  readonly java: string;
  readonly javac: string;
  readonly jar: string;
  readonly version: string;
}

/** The JDK of JAVA_HOME, else the one on PATH. Throws EngineProblem where there is none or it is too old. */
export function findJdk(environment: NodeJS.ProcessEnv = process.env): Jdk {
  const home = environment.JAVA_HOME;
  const program = (name: string) =>
    home && existsSync(join(home, 'bin', name)) ? join(home, 'bin', name) : onPath(name, environment.PATH);
  const [java, javac, jar] = [program('java'), program('javac'), program('jar')];
  if (!java || !javac || !jar) {
    throw new EngineProblem(`Neo4j needs a JDK ${OLDEST} or newer, and there is none: ${INSTALL}, or set NEO4J_URI.`);
  }
  const version = javacVersion(javac);
  if (Number(version.split('.')[0]) < OLDEST) {
    throw new EngineProblem(
      `Neo4j needs a JDK ${OLDEST} or newer, and this one is ${version}: ${INSTALL}, or set NEO4J_URI.`,
    );
  }
  return { java, javac, jar, version };
}

/** Maven's program. Throws EngineProblem where there is none. */
export function findMaven(environment: NodeJS.ProcessEnv = process.env): string {
  const maven = onPath('mvn', environment.PATH);
  if (!maven) throw new EngineProblem(`Neo4j is fetched by Maven, and there is none: ${INSTALL}, or set NEO4J_URI.`);
  return maven;
}

function javacVersion(javac: string): string {
  try {
    const text = execFileSync(javac, ['-version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    return text.trim().replace(/^javac /, '');
  } catch {
    // macOS has a javac that only says that no JDK is installed.
    throw new EngineProblem(
      `Neo4j needs a JDK ${OLDEST} or newer, and ${javac} does not run: ${INSTALL}, or set NEO4J_URI.`,
    );
  }
}
