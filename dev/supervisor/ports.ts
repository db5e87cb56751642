import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Port } from './settings';

/** One sentence for each port that two of ours want or that somebody else listens on. */
export async function portFaults(ports: readonly Port[]): Promise<string[]> {
  const faults: string[] = [];
  for (const [index, port] of ports.entries()) {
    const twin = ports.slice(0, index).find(({ number }) => number === port.number);
    if (twin) {
      faults.push(`Port ${port.number} is meant for both ${twin.name} and ${port.name}: change ${port.variable}.`);
    } else if (!(await isFree(port.number))) {
      const owner = ownerOf(port.number);
      faults.push(
        `Port ${port.number} for ${port.name} is taken${owner ? ` by ${owner}` : ''}: end that program, or set ${port.variable} to another port.`,
      );
    }
  }
  return faults;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** Who listens on a port, such as `node (process 4711)`, as far as Linux lets us see. */
function ownerOf(port: number): string | null {
  const inode = listeningInode(port);
  if (!inode) return null;
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (holdsSocket(pid, inode)) return `${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()} (process ${pid})`;
    }
  } catch {
    // Processes come and go while we look.
  }
  return null;
}

function listeningInode(port: number): string | null {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    try {
      for (const line of readFileSync(table, 'utf8').split('\n')) {
        const fields = line.trim().split(/\s+/);
        if (fields[1]?.endsWith(wanted) && fields[3] === '0A') return fields[9] ?? null;
      }
    } catch {
      // Not Linux.
    }
  }
  return null;
}

function holdsSocket(pid: string, inode: string): boolean {
  try {
    return readdirSync(`/proc/${pid}/fd`).some((fd) => linkOf(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
  } catch {
    return false;
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
