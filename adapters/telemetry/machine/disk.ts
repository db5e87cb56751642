import { realpath, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';

export interface Disk {
  /** Where the file system is mounted. */
  mount: string;
  totalBytes: number;
  /** What we may still fill: less than what is free, since some is kept for root. */
  availableBytes: number;
}

/** The file system of a folder, or of the nearest one above it where it isn't made yet. */
export async function readDisk(folder: string): Promise<Disk> {
  const path = await nearest(resolve(folder));
  const [mount, { bsize, blocks, bavail }] = await Promise.all([mountOf(path), statfs(path)]);
  return { mount, totalBytes: bsize * blocks, availableBytes: bsize * bavail };
}

async function nearest(folder: string): Promise<string> {
  try {
    return await realpath(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || folder === dirname(folder)) throw error;
    return nearest(dirname(folder));
  }
}

/** The highest folder above that is on the same device. */
async function mountOf(folder: string): Promise<string> {
  const above = dirname(folder);
  if (above === folder) return folder;
  const [own, other] = await Promise.all([stat(folder), stat(above)]);
  return own.dev === other.dev ? mountOf(above) : folder;
}
