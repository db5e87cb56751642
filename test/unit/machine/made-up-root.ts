import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const made: string[] = [];

/** A folder that stands for `/`, with these files. Removed by `removeRoots`. */
export function madeUpRoot(files: Record<string, string>): string {
  const root = mkdtempSync(join(tmpdir(), 'dnp-root-'));
  made.push(root);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), `${text}\n`);
  }
  return root;
}

export function removeRoots(): void {
  for (const root of made.splice(0)) rmSync(root, { recursive: true, force: true });
}

/** A machine with 8 GiB, of which 6 can be had, and four CPUs, which were in use for 100 of 1,000 seconds. */
export const machine = {
  'proc/meminfo': 'MemTotal:        8388608 kB\nMemFree:         1048576 kB\nMemAvailable:    6291456 kB',
  'proc/stat':
    'cpu  5000 1000 3000 80000 10000 500 400 100 0 0\ncpu0 1 1 1 1\ncpu1 1 1 1 1\ncpu2 1 1 1 1\ncpu3 1 1 1 1\nintr 5',
};

/** How version 1 is mounted on a host, each controller by itself. */
export const versionOne = (part = '/') =>
  ['memory', 'cpu', 'cpuacct']
    .map((name, n) => `3${n} 25 0:${n} ${part} /sys/fs/cgroup/${name} rw,nosuid shared:9 - cgroup cgroup rw,${name}`)
    .join('\n');

export const versionTwo = (part = '/') =>
  `24 1 8:1 / / rw - ext4 /dev/sda1 rw\n35 24 0:30 ${part} /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate`;
