import { execFileSync } from 'node:child_process';
import { readFileSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Registry } from 'prom-client';
import { machineGauges } from '../../../adapters/telemetry/machine/gauges';
import { madeUpRoot, removeRoots } from './made-up-root';

afterEach(removeRoots);
const dataDir = join(tmpdir(), 'dnp-not-made', 'yet');

/** What `/metrics` says, by name; a disk's without its mount. */
async function scraped(registry: Registry): Promise<Record<string, number>> {
  const metrics = await registry.getMetricsAsJSON();
  return Object.fromEntries(metrics.map(({ name, values }) => [name, values[0]?.value ?? Number.NaN]));
}

/** A file system by `df`, in bytes. */
function df(): { total: number; available: number; mount: string } {
  const [, line = ''] = execFileSync('df', ['-kP', tmpdir()], { encoding: 'utf8' }).split('\n');
  const [, total, , available, , ...mount] = line.split(/\s+/);
  return { total: Number(total) * 1_024, available: Number(available) * 1_024, mount: mount.join(' ') };
}

it('the disk is what df says of the data folder’s', async () => {
  const registry = new Registry();
  machineGauges(registry, { dataDir });
  const before = df();
  const seen = await scraped(registry);
  const after = df();
  expect(seen.system_disk_total_bytes).toBe(before.total);
  // Others write meanwhile, but not so much.
  const slack = before.total / 50;
  expect(seen.system_disk_available_bytes).toBeGreaterThan(Math.min(before.available, after.available) - slack);
  expect(seen.system_disk_available_bytes).toBeLessThan(Math.max(before.available, after.available) + slack);
  expect(await registry.metrics()).toContain(`system_disk_total_bytes{mount="${before.mount}"}`);
});

// Elsewhere the system's own figures come from the same calls as ours.
(process.platform === 'linux' ? describe : describe.skip)('what /proc says', () => {
  const memory = (name: string) =>
    1_024 * Number(new RegExp(`^${name}: +(\\d+) kB$`, 'm').exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  function cpu(): { used: number; had: number } {
    const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n')[0]?.split(/ +/) ?? [];
    const [user = 0, nice = 0, system = 0, idle = 0, waiting = 0, hard = 0, soft = 0, stolen = 0] = fields.map(Number);
    const used = user + nice + system + hard + soft + stolen;
    return { used, had: used + idle + waiting };
  }
  it('is what the memory is, and no more of it where this process is limited', async () => {
    const registry = new Registry();
    machineGauges(registry, { dataDir });
    const limit = process.constrainedMemory() || Infinity;
    const before = memory('MemAvailable');
    const seen = await scraped(registry);
    const after = memory('MemAvailable');
    expect(seen.system_memory_total_bytes).toBe(Math.min(memory('MemTotal'), limit));
    const slack = memory('MemTotal') / 20;
    expect(seen.system_memory_available_bytes).toBeLessThan(Math.max(before, after) + slack);
    if (limit >= memory('MemTotal'))
      expect(seen.system_memory_available_bytes).toBeGreaterThan(Math.min(before, after) - slack);
  });

  it('is what the CPU’s use is, between two looks', async () => {
    // Without control groups, so that it is the machine's wherever this runs.
    const root = madeUpRoot({});
    symlinkSync('/proc', join(root, 'proc'));
    const registry = new Registry();
    const first = cpu();
    machineGauges(registry, { dataDir, root });
    await scraped(registry);
    const second = cpu();
    const until = performance.now() + 400;
    while (performance.now() < until);
    const third = cpu();
    const seen = await scraped(registry);
    const fourth = cpu();
    // Our two looks were between the first and the second, and between the third and the fourth.
    const least = (third.used - second.used) / (fourth.had - first.had);
    const most = (fourth.used - first.used) / (third.had - second.had);
    expect(least).toBeGreaterThan(0);
    expect(seen.system_cpu_usage_ratio).toBeGreaterThanOrEqual(least);
    expect(seen.system_cpu_usage_ratio).toBeLessThanOrEqual(most);
  });
});
