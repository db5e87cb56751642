import { cpus } from 'node:os';
import { type Cgroup, cgroupOf, readFigure } from './cgroups';

/** CPU time since some moment in the past, in seconds: what was used, and what there was. */
export interface CpuTime {
  /** Whose it is: times of different ones have nothing to do with each other. */
  of: string;
  used: number;
  had: number;
}

/** Linux counts in hundredths of a second, whatever its clock: see proc(5), USER_HZ. */
const ticks = 100;

/**
 * The machine's CPU time; or, where a control group above this process may use less than the machine has, that group's, out of what
 * it may use. Waiting for a disk is idle; time that other guests of the host took is not ours, so it is used.
 */
export async function readCpu(root: string): Promise<CpuTime> {
  const [machine, quota] = await Promise.all([machineCpu(root), leastQuota(root)]);
  if (quota === null || quota.cpus >= machine.cpus) return machine.time;
  const used = await groupCpu(root, quota);
  if (used === null) return machine.time;
  return { of: `${quota.folder} ${quota.cpus}`, used, had: (quota.cpus * performance.now()) / 1_000 };
}

async function machineCpu(root: string): Promise<{ cpus: number; time: CpuTime }> {
  const text = (await readFigure(root, 'proc/stat')) ?? '';
  // cpu user nice system idle iowait irq softirq steal; guests' time is in user already.
  const fields = /^cpu +([\d ]+)$/m.exec(text)?.[1]?.split(' ').slice(0, 8).map(Number);
  if (fields) {
    const [, , , idle = 0, waiting = 0] = fields;
    const had = fields.reduce((sum, field) => sum + field, 0);
    const time = { of: 'machine', used: (had - idle - waiting) / ticks, had: had / ticks };
    return { cpus: text.match(/^cpu\d/gm)?.length ?? 1, time };
  }
  const times = cpus().map((cpu) => cpu.times);
  const sum = (of: (one: (typeof times)[number]) => number) => times.reduce((all, one) => all + of(one), 0) / 1_000;
  const had = sum((one) => one.user + one.nice + one.sys + one.idle + one.irq);
  return { cpus: times.length, time: { of: 'machine', used: had - sum((one) => one.idle), had } };
}

interface Quota {
  version: Cgroup['version'];
  folder: string;
  /** How many CPUs' time it may use. */
  cpus: number;
}

async function leastQuota(root: string): Promise<Quota | null> {
  const cgroup = await cgroupOf(root, 'cpu');
  if (!cgroup) return null;
  const { version } = cgroup;
  const quotas = await Promise.all(
    cgroup.folders.map(async (folder) => ({ version, folder, cpus: await quotaOf(folder, version) })),
  );
  return quotas.filter(({ cpus }) => cpus > 0).sort((a, b) => a.cpus - b.cpus)[0] ?? null;
}

/** 0 where there is no limit. */
async function quotaOf(folder: string, version: Cgroup['version']): Promise<number> {
  const figures =
    version === 2
      ? ((await readFigure(folder, 'cpu.max')) ?? '').split(' ')
      : [await readFigure(folder, 'cpu.cfs_quota_us'), await readFigure(folder, 'cpu.cfs_period_us')];
  const [quota, period] = figures.map(Number);
  return quota && period && quota > 0 && period > 0 ? quota / period : 0;
}

/** Version 1 counts in another hierarchy than it limits; they can be mounted as one, and have the same groups there. */
async function groupCpu(root: string, { version, folder }: Quota): Promise<number | null> {
  if (version === 2) {
    const microseconds = /^usage_usec (\d+)$/m.exec((await readFigure(folder, 'cpu.stat')) ?? '')?.[1];
    return microseconds === undefined ? null : Number(microseconds) / 1e6;
  }
  const [limits, counts] = await Promise.all([cgroupOf(root, 'cpu'), cgroupOf(root, 'cpuacct')]);
  const level = limits?.folders.toReversed().indexOf(folder) ?? -1;
  const counting = counts?.folders.toReversed()[level];
  const nanoseconds = counting === undefined ? null : await readFigure(counting, 'cpuacct.usage');
  return nanoseconds === null ? null : Number(nanoseconds) / 1e9;
}
