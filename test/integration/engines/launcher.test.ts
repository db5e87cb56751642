import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../../../dev/engines/free-port';
import { lastingPort } from '../../support/lasting-port';
import { beginningOf, rememberedProcess } from '../../../dev/engines/process-record';
import { projectRoot } from '../../../dev/engines/project-root';
import { onDatabase } from '../../../dev/engines/postgres/statements';

jest.setTimeout(240_000);

/** `npm start` without its build: the launcher and everything it starts run from the source. */
class Launch {
  output = '';
  readonly child: ChildProcess;
  readonly ended: Promise<number | null>;

  constructor(readonly environment: Record<string, string>) {
    const own = Object.entries(process.env).filter(([name]) => !/^(DNP_|JEST_|NODE_ENV|npm_)/.test(name));
    this.child = spawn(process.execPath, ['--import', 'tsx', join(projectRoot, 'dev', 'start.ts')], {
      cwd: projectRoot,
      env: { ...Object.fromEntries(own), ...environment },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [this.child.stdout, this.child.stderr])
      stream?.on('data', (text) => (this.output += String(text)));
    this.ended = new Promise((resolve) => this.child.once('exit', resolve));
  }

  /** Waits until something holds, or fails with what the launcher printed. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    for (let look = 0; look < 1_200; look += 1) {
      if (await holds()) return;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    throw new Error(`Never came: ${what}\n${this.output}`);
  }

  untilReady(): Promise<void> {
    return this.until('ready', () => this.output.includes('Do Not Play is ready.'));
  }

  running(name: string): number | null {
    return rememberedProcess(join(this.environment.DATA_DIR ?? '', 'run', `${name}.json`))?.pid ?? null;
  }

  processes(): number[] {
    return ['api', 'worker', 'sandbox', 'temporal', 'postgres'].map((name) => this.running(name) ?? 0);
  }
}

/** A metric of each process that tells of itself. */
const toldAt = [
  ['METRICS_PORT', 'dnp_jobs'],
  ['WORKER_METRICS_PORT', 'dnp_enforcement_runs_total'],
  ['TEMPORAL_METRICS_PORT', 'temporal_worker_task_slots_available'],
] as const;

const alive = (pid: number) => beginningOf(pid) !== null;

describe('npm start', () => {
  let environment: Record<string, string>;
  let launch: Launch | undefined;

  beforeAll(async () => {
    const names = [
      'API',
      'METRICS',
      'WORKER_METRICS',
      'TEMPORAL_METRICS',
      'SANDBOX',
      'TEMPORAL',
      'TEMPORAL_UI',
      'POSTGRES',
    ];
    const ports: [string, string][] = [];
    for (const name of names) ports.push([`${name}_PORT`, String(await lastingPort())]);
    environment = {
      ...Object.fromEntries(ports),
      // Private, as `mktemp -d` makes it: where PostgreSQL runs as another user, it can't enter.
      DATA_DIR: mkdtempSync(join(tmpdir(), 'dnp-launch-')),
      ENGINES_CACHE: process.env.ENGINES_CACHE || join(projectRoot, '.data', 'engines'),
      // Nobody is there: the graph is away, and nothing else.
      NEO4J_URI: `bolt://127.0.0.1:${await freePort()}`,
      NEO4J_PASSWORD: 'nobody-listens',
    };
  });

  afterEach(async () => {
    launch?.child.kill('SIGTERM');
    await launch?.ended;
  });

  afterAll(() => {
    const reset = spawn(process.execPath, ['--import', 'tsx', join(projectRoot, 'dev', 'reset.ts'), '--yes'], {
      env: { ...process.env, ...environment },
    });
    return new Promise<void>((resolve) => reset.once('exit', () => resolve())).then(() =>
      rmSync(environment.DATA_DIR ?? '', { recursive: true, force: true }),
    );
  });

  const ownerUrl = () => {
    const kept = JSON.parse(readFileSync(join(environment.DATA_DIR ?? '', 'environment.json'), 'utf8')) as Record<
      string,
      string
    >;
    return kept.MIGRATION_DATABASE_URL ?? '';
  };

  it('comes up without Neo4j, starts again what dies, refuses a second start, and leaves nothing behind', async () => {
    launch = new Launch(environment);
    await launch.untilReady();
    const api = `http://127.0.0.1:${environment.API_PORT}`;
    expect(await (await fetch(`${api}/readyz`)).json()).toMatchObject({ status: 'degraded' });
    expect(launch.output).toContain(`Open         ${api}/`);
    expect(launch.output).toContain('npm run user -- token listener@example.test');

    const worker = launch.running('worker') ?? 0;
    process.kill(worker, 'SIGKILL');
    await launch.until('another worker', () => ![null, worker].includes(launch?.running('worker') ?? null));
    expect(launch.output).toContain('Worker ended by SIGKILL; it starts again in 1 s.');

    for (const [port, series] of toldAt) {
      const ask = () => fetch(`http://127.0.0.1:${environment[port]}/metrics`).then((answer) => answer.text());
      await launch.until(`${series} at ${port}`, () =>
        ask().then(
          (text) => text.includes(`\n${series}{`),
          () => false,
        ),
      );
      expect(await ask()).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}/);
    }

    const second = new Launch(environment);
    expect(await second.ended).toBe(1);
    expect(second.output).toContain(`already runs on ${environment.DATA_DIR} (process ${launch.child.pid})`);
    expect((await fetch(`${api}/healthz`)).status).toBe(200);

    await onDatabase(ownerUrl(), (run) => run('create table kept as select 42 as answer'));
    const processes = launch.processes();
    expect(processes.every(alive)).toBe(true);
    // As a terminal does it: to the whole group, and once more by npm.
    process.kill(-(launch.child.pid ?? 0), 'SIGINT');
    launch.child.kill('SIGINT');
    expect(await launch.ended).toBe(0);
    expect(processes.filter(alive)).toEqual([]);
    expect(launch.output).toContain('Stopped. Nothing is left running.');
    expect(existsSync(join(environment.DATA_DIR ?? '', 'environment.json'))).toBe(false);
    const secrets = ['postgres-superuser', 'postgres-owner', 'postgres-application', 'vault'];
    for (const name of secrets) {
      expect(launch.output).not.toContain(readFileSync(join(environment.DATA_DIR ?? '', 'keys', name), 'utf8'));
    }
  });

  it('comes up again on its own data, and when it is killed by force its children end and lose nothing', async () => {
    launch = new Launch(environment);
    await launch.untilReady();
    expect(await onDatabase(ownerUrl(), (run) => run('select answer from kept'))).toEqual([{ answer: 42 }]);
    const processes = launch.processes();
    launch.child.kill('SIGKILL');
    await launch.until('the end of its children', () => !processes.some(alive));

    launch = new Launch(environment);
    await launch.untilReady();
    expect(await onDatabase(ownerUrl(), (run) => run('select answer from kept'))).toEqual([{ answer: 42 }]);
  });

  it('says in one sentence which port is taken and what to do, and starts nothing', async () => {
    launch = new Launch({ ...environment, API_PORT: new URL(process.env.DNP_TEST_ENGINES_CONTROL ?? '').port });
    expect(await launch.ended).toBe(1);
    expect(launch.output.trim()).toMatch(
      /^Port \d+ for the API is taken.*: end that program, or set API_PORT to another port\.$/,
    );
    expect(launch.processes()).toEqual([0, 0, 0, 0, 0]);
  });
});
