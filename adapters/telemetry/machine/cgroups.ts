import { access, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where one controller of the control groups says what this process, and what is above it, may have. */
export interface Cgroup {
  version: 1 | 2;
  /** The process's own group first, then each one above it that can be seen from here. */
  folders: string[];
}

type Controller = 'memory' | 'cpu' | 'cpuacct';

/**
 * Finds the groups of a process by proc(5) and cgroups(7): `/proc/self/cgroup` names the group in each hierarchy, `/proc/self/mountinfo`
 * where that hierarchy is mounted, and which part of it: in a container often its own group only. Null where there is none.
 * @param root `/`, or a folder that stands for it
 */
export async function cgroupOf(root: string, controller: Controller): Promise<Cgroup | null> {
  const [groups, mounts] = await Promise.all([linesOf(root, 'proc/self/cgroup'), linesOf(root, 'proc/self/mountinfo')]);
  const hierarchies = mounts.map(readMount).filter((mount) => mount !== null);
  const versions = [
    [1, hierarchies.find(({ type, options }) => type === 'cgroup' && options.includes(controller))],
    [2, hierarchies.find(({ type }) => type === 'cgroup2')],
  ] as const;
  for (const [version, hierarchy] of versions) {
    const path = groups.map(readGroup).find(({ controllers }) => controllers.includes(version === 1 ? controller : ''));
    if (!hierarchy || !path) continue;
    const top = join(root, hierarchy.point);
    const own = join(top, below(hierarchy.part, path.path));
    return { version, folders: upTo(top, (await exists(own)) ? own : top) };
  }
  return null;
}

/** What a group's file says, without the line's end; null where it isn't there. */
export const readFigure = (folder: string, name: string): Promise<string | null> =>
  readFile(join(folder, name), 'utf8').then(
    (text) => text.trim(),
    () => null,
  );

async function linesOf(root: string, path: string): Promise<string[]> {
  return ((await readFigure(root, path)) ?? '').split('\n');
}

/** `36 35 98:0 /part /where options [more] - type source superoptions`, with spaces in paths as `\040`. */
function readMount(line: string): { part: string; point: string; type: string; options: string[] } | null {
  const [before = '', after = ''] = line.split(' - ');
  const [, , , part, point] = before.split(' ').map(unescaped);
  const [type, , options = ''] = after.split(' ');
  return part && point && type ? { part, point, type, options: options.split(',') } : null;
}

const unescaped = (text: string): string =>
  text.replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8)));

/** `4:memory:/path`; version 2 names no controller. */
function readGroup(line: string): { controllers: string[]; path: string } {
  const [, controllers = 'none', ...path] = line.split(':');
  return { controllers: controllers.split(','), path: path.join(':') };
}

/** A group's path as it is seen where only a part of the hierarchy is mounted; one outside of that part can't be seen. */
function below(part: string, path: string): string {
  if (part === '/') return path;
  return path === part || path.startsWith(`${part}/`) ? path.slice(part.length) : '';
}

function upTo(top: string, folder: string): string[] {
  return folder.length <= top.length ? [top] : [folder, ...upTo(top, dirname(folder))];
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
