import { readCpu } from '../../../adapters/telemetry/machine/cpu';
import { readMemory } from '../../../adapters/telemetry/machine/memory';
import { machine, madeUpRoot, removeRoots, versionOne, versionTwo } from './made-up-root';

afterEach(removeRoots);
const gib = 1_024 ** 3;
const v2 = '0::/app.slice/app';
const unlimited = '9223372036854771712';

describe('memory', () => {
  it.each([
    ['on a machine without control groups is the machine’s', {}, 8, 6],
    [
      'under version 2 is the group’s, with its idle file cache taken off its use',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/app.slice/app/memory.max': `${2 * gib}`,
        'sys/fs/cgroup/app.slice/app/memory.current': `${1.5 * gib}`,
        'sys/fs/cgroup/app.slice/app/memory.stat': `anon 1\nactive_file 5\ninactive_file ${gib}`,
      },
      2,
      1.5,
    ],
    [
      'under version 2 is that of a group above, where that has less',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/app.slice/app/memory.max': 'max',
        'sys/fs/cgroup/app.slice/app/memory.current': '1',
        'sys/fs/cgroup/app.slice/memory.max': `${4 * gib}`,
        'sys/fs/cgroup/app.slice/memory.current': `${3.5 * gib}`,
      },
      4,
      0.5,
    ],
    [
      'in a container with a name space of its own is what stands at the top',
      {
        'proc/self/cgroup': '0::/',
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/memory.max': `${gib}`,
        'sys/fs/cgroup/memory.current': `${0.25 * gib}`,
        'sys/fs/cgroup/memory.stat': 'inactive_file 0',
      },
      1,
      0.75,
    ],
    [
      'under version 1 is the group’s',
      {
        'proc/self/cgroup': '4:memory:/app\n0::/elsewhere',
        'proc/self/mountinfo': `${versionOne()}\n${versionTwo().replaceAll('/sys/fs/cgroup', '/sys/fs/cgroup/unified')}`,
        'sys/fs/cgroup/memory/memory.limit_in_bytes': unlimited,
        'sys/fs/cgroup/memory/app/memory.limit_in_bytes': `${gib}`,
        'sys/fs/cgroup/memory/app/memory.usage_in_bytes': `${gib}`,
        'sys/fs/cgroup/memory/app/memory.stat': `inactive_file 7\ntotal_inactive_file ${gib / 2}`,
      },
      1,
      0.5,
    ],
    [
      'in a container of version 1, which is named as on the host, is that of the part that is mounted',
      {
        'proc/self/cgroup': '4:memory:/docker/abc',
        'proc/self/mountinfo': versionOne('/docker/abc'),
        'sys/fs/cgroup/memory/memory.limit_in_bytes': `${3 * gib}`,
        'sys/fs/cgroup/memory/memory.usage_in_bytes': `${gib}`,
        'sys/fs/cgroup/memory/memory.stat': 'total_inactive_file 0',
      },
      3,
      2,
    ],
    [
      'of a group without a limit, or with one beyond the machine’s, is the machine’s',
      {
        'proc/self/cgroup': '4:memory:/app',
        'proc/self/mountinfo': versionOne(),
        'sys/fs/cgroup/memory/app/memory.limit_in_bytes': unlimited,
        'sys/fs/cgroup/memory/app/memory.usage_in_bytes': `${gib}`,
        'sys/fs/cgroup/memory/memory.limit_in_bytes': `${64 * gib}`,
        'sys/fs/cgroup/memory/memory.usage_in_bytes': `${gib}`,
      },
      8,
      6,
    ],
    [
      'of a group with more than the machine can give now is what the machine can give',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/app.slice/app/memory.max': `${7 * gib}`,
        'sys/fs/cgroup/app.slice/app/memory.current': '0',
      },
      7,
      6,
    ],
    [
      'of a group that is over its limit is none, never less',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/app.slice/app/memory.max': `${gib}`,
        'sys/fs/cgroup/app.slice/app/memory.current': `${2 * gib}`,
      },
      1,
      0,
    ],
    [
      'where the hierarchy is mounted at a folder with a space',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': '35 24 0:30 / /my\\040groups rw - cgroup2 cgroup2 rw',
        'my groups/app.slice/app/memory.max': `${gib}`,
        'my groups/app.slice/app/memory.current': '0',
      },
      1,
      1,
    ],
  ])('%s', async (_, files, total, available) => {
    expect(await readMemory(madeUpRoot({ ...machine, ...files }))).toEqual({
      totalBytes: total * gib,
      availableBytes: available * gib,
    });
  });
});

describe('CPU time', () => {
  it('on a machine is what was neither idle nor waited for a disk', async () => {
    expect(await readCpu(madeUpRoot(machine))).toEqual({ of: 'machine', used: 100, had: 1_000 });
  });

  it.each([
    [
      'version 2, and of two groups the one with less',
      {
        'proc/self/cgroup': v2,
        'proc/self/mountinfo': versionTwo(),
        'sys/fs/cgroup/app.slice/app/cpu.max': '300000 100000',
        'sys/fs/cgroup/app.slice/app/cpu.stat': 'usage_usec 1000000',
        'sys/fs/cgroup/app.slice/cpu.max': '150000 100000',
        'sys/fs/cgroup/app.slice/cpu.stat': 'usage_usec 42500000\nuser_usec 1',
      },
      1.5,
      42.5,
    ],
    [
      'version 1, which counts in another hierarchy',
      {
        'proc/self/cgroup': '2:cpuacct:/app\n1:cpu:/app',
        'proc/self/mountinfo': versionOne(),
        'sys/fs/cgroup/cpu/app/cpu.cfs_quota_us': '50000',
        'sys/fs/cgroup/cpu/app/cpu.cfs_period_us': '100000',
        'sys/fs/cgroup/cpu/cpu.cfs_quota_us': '-1',
        'sys/fs/cgroup/cpu/cpu.cfs_period_us': '100000',
        'sys/fs/cgroup/cpuacct/app/cpuacct.usage': '7000000000',
        'sys/fs/cgroup/cpuacct/cpuacct.usage': '9000000000',
      },
      0.5,
      7,
    ],
    [
      'version 1 with both in one, in a container',
      {
        'proc/self/cgroup': '1:cpu,cpuacct:/docker/abc',
        'proc/self/mountinfo': '30 25 0:1 /docker/abc /sys/fs/cgroup/both rw - cgroup cgroup rw,cpu,cpuacct',
        'sys/fs/cgroup/both/cpu.cfs_quota_us': '200000',
        'sys/fs/cgroup/both/cpu.cfs_period_us': '100000',
        'sys/fs/cgroup/both/cpuacct.usage': '3000000000',
      },
      2,
      3,
    ],
  ])('of a group with a quota is the group’s, out of what it may use: %s', async (_, files, cpus, used) => {
    const root = madeUpRoot({ ...machine, ...files });
    const before = performance.now();
    const time = await readCpu(root);
    expect(time.used).toBe(used);
    expect(time.of).not.toBe('machine');
    expect(time.had).toBeGreaterThanOrEqual((cpus * before) / 1_000);
    expect(time.had).toBeLessThanOrEqual((cpus * performance.now()) / 1_000);
  });

  it.each([
    ['no quota', 'max 100000'],
    ['a quota beyond the machine’s', '800000 100000'],
  ])('of a group with %s is the machine’s', async (_, limit) => {
    const root = madeUpRoot({
      ...machine,
      'proc/self/cgroup': v2,
      'proc/self/mountinfo': versionTwo(),
      'sys/fs/cgroup/app.slice/app/cpu.max': limit,
      'sys/fs/cgroup/app.slice/app/cpu.stat': 'usage_usec 1',
    });
    expect(await readCpu(root)).toMatchObject({ of: 'machine' });
  });
});
