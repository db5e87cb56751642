import { freemem, totalmem } from 'node:os';
import { cgroupOf, readFigure } from './cgroups';

export interface Memory {
  totalBytes: number;
  /** What can be had without swapping. */
  availableBytes: number;
}

/**
 * The machine's memory, or less where a control group above this process has less. Of what a group uses, the file cache that nobody
 * has touched of late (`inactive_file`) is given back when it is wanted, so it counts as available.
 */
export async function readMemory(root: string): Promise<Memory> {
  const [machine, cgroup] = await Promise.all([machineMemory(root), cgroupOf(root, 'memory')]);
  const read = cgroup?.version === 1 ? groupMemoryV1 : groupMemoryV2;
  const limits = await Promise.all((cgroup?.folders ?? []).map(read));
  return limits.reduce<Memory>(
    (least, limit) =>
      limit === null
        ? least
        : {
            totalBytes: Math.min(least.totalBytes, limit.totalBytes),
            availableBytes: Math.max(0, Math.min(least.availableBytes, limit.availableBytes)),
          },
    machine,
  );
}

async function machineMemory(root: string): Promise<Memory> {
  const text = await readFigure(root, 'proc/meminfo');
  const bytes = (name: string) => 1_024 * Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(text ?? '')?.[1]);
  const [totalBytes, availableBytes] = [bytes('MemTotal'), bytes('MemAvailable')];
  return availableBytes >= 0 ? { totalBytes, availableBytes } : { totalBytes: totalmem(), availableBytes: freemem() };
}

const groupMemoryV1 = (folder: string) =>
  groupMemory(folder, 'memory.limit_in_bytes', 'memory.usage_in_bytes', 'total_inactive_file');
const groupMemoryV2 = (folder: string) => groupMemory(folder, 'memory.max', 'memory.current', 'inactive_file');

/** Null for a group without a limit. Version 1 writes that as a number beyond all memory, which changes no minimum. */
async function groupMemory(folder: string, limit: string, usage: string, cache: string): Promise<Memory | null> {
  const [total, used, stat] = await Promise.all([limit, usage, 'memory.stat'].map((name) => readFigure(folder, name)));
  if (!total || !/^\d+$/.test(total)) return null;
  const inactive = Number(new RegExp(`^${cache} (\\d+)$`, 'm').exec(stat ?? '')?.[1] ?? 0);
  return { totalBytes: Number(total), availableBytes: Number(total) - Math.max(0, Number(used) - inactive) };
}
