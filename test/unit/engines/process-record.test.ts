import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endRemembered, rememberedProcess, rememberProcess } from '../../../dev/engines/process-record';

describe('records of running processes', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'dnp-records-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A program that writes its name down when told to end, after some milliseconds. */
  async function program(name: string, stopOrder: number): Promise<void> {
    const script = `process.on('SIGTERM', () => setTimeout(() => { require('fs').appendFileSync(process.argv[1], process.argv[2] + ' '); process.exit() }, 100)); setInterval(() => {}, 1000); console.log('up')`;
    const child = spawn(process.execPath, ['-e', script, join(folder, 'order'), name], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    rememberProcess(join(folder, `${name}.json`), { pid: child.pid ?? 0, stopSignal: 'SIGTERM', stopOrder });
  }

  it('end what an earlier start left, users of an engine before the engine', async () => {
    await Promise.all([program('postgres', 2), program('api', 0), program('temporal', 1)]);
    expect((await endRemembered(folder, 5_000)).sort()).toEqual(['api', 'postgres', 'temporal']);
    expect(readFileSync(join(folder, 'order'), 'utf8')).toBe('api temporal postgres ');
    expect(readdirSync(folder)).toEqual(['order']);
  });

  it('never touch a process that only inherited the number', async () => {
    const file = join(folder, 'postgres.json');
    rememberProcess(file, { pid: process.pid, stopSignal: 'SIGKILL', stopOrder: 0 });
    expect(rememberedProcess(file)?.pid).toBe(process.pid);
    const record = JSON.parse(readFileSync(file, 'utf8')) as object;
    writeFileSync(file, JSON.stringify({ ...record, began: 'another time' }));
    expect(rememberedProcess(file)).toBeNull();
    expect(await endRemembered(folder, 100)).toEqual([]);
  });

  it('take a damaged or missing record for no process', () => {
    writeFileSync(join(folder, 'postgres.json'), '{"pid":');
    expect(rememberedProcess(join(folder, 'postgres.json'))).toBeNull();
    expect(rememberedProcess(join(folder, 'none.json'))).toBeNull();
  });
});
