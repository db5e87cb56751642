import { setTimeout as delay } from 'node:timers/promises';
import { Gauge, type Registry } from 'prom-client';
import { readCpu } from './cpu';
import { createCpuUsage } from './cpu-usage';
import { readDisk } from './disk';
import { readMemory } from './memory';

/** Milliseconds that a scrape waits for a figure: a disk that is away can keep everybody waiting who asks. */
const longestMs = 2_000;

/**
 * CPU, memory and disk as this process has them: inside a container what the container may use. `root` stands for `/` where the
 * system's figures are read.
 */
export function machineGauges(registry: Registry, { dataDir, root = '/' }: { dataDir: string; root?: string }): void {
  const usage = createCpuUsage(() => readCpu(root));
  // What the first scrape compares with.
  void usage().catch(() => undefined);
  const cpu = new Gauge({
    name: 'system_cpu_usage_ratio',
    help: 'Part of the CPU time that may be used here that is in use, 0 to 1, over the last seconds.',
    registers: [registry],
    collect: within(usage, (ratio) => cpu.set(ratio)),
  });
  const memory = within(
    () => readMemory(root),
    ({ totalBytes, availableBytes }) => {
      totalMemory.set(totalBytes);
      availableMemory.set(availableBytes);
    },
  );
  const totalMemory = new Gauge({
    name: 'system_memory_total_bytes',
    help: 'Memory of the machine, or of the container where that is less.',
    registers: [registry],
    collect: memory,
  });
  const availableMemory = new Gauge({
    name: 'system_memory_available_bytes',
    help: 'Memory that can be had without swapping.',
    registers: [registry],
    collect: memory,
  });
  const disk = within(
    () => readDisk(dataDir),
    ({ mount, totalBytes, availableBytes }) => {
      totalDisk.set({ mount }, totalBytes);
      availableDisk.set({ mount }, availableBytes);
    },
  );
  const labelNames = ['mount'] as const;
  const totalDisk = new Gauge({
    name: 'system_disk_total_bytes',
    help: 'Size of the file system that the data folder is on.',
    labelNames,
    registers: [registry],
    collect: disk,
  });
  const availableDisk = new Gauge({
    name: 'system_disk_available_bytes',
    help: 'What may still be filled of it.',
    labelNames,
    registers: [registry],
    collect: disk,
  });
}

/** Looks once for all who ask at a time; where the look fails or takes long, the last figure stays and the scrape goes on. */
function within<T>(look: () => Promise<T>, show: (seen: T) => void): () => Promise<void> {
  let looking: Promise<void> | null = null;
  return async () => {
    looking ??= look()
      .then(show)
      .catch(() => undefined)
      .finally(() => (looking = null));
    await Promise.race([looking, delay(longestMs, undefined, { ref: false })]);
  };
}
