import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { projectRoot } from '../../engines/project-root';
import { DemoFailure } from '../demo-failure';
import type { Person } from '../person';
import type { SessionAnswer } from './contract';

const run = promisify(execFile);

/** Who takes part beside the listener. */
export interface Cast {
  moderator: Person;
  reviewer: Person;
  appellant: Person;
}

/**
 * Has everybody sign in, and gives those a role who need one: by an admin, over HTTP. Where there is no admin yet, the operator makes
 * one, which is the one thing here that is done at the machine.
 *
 * @throws DemoFailure where that is refused
 */
export async function gatherCast({
  visitor,
  say,
}: {
  visitor: () => Person;
  say: (line: string) => void;
}): Promise<Cast> {
  const came = async (user: string) => {
    const person = visitor();
    await person.agree('auth/google', user);
    return { person, ...(await person.get<SessionAnswer>('auth/session')).user };
  };
  const [moderator, reviewer, appellant] = [
    await came('moderator'),
    await came('reviewer'),
    await came('second-listener'),
  ];
  const missing = (
    [
      [moderator, 'moderator'],
      [reviewer, 'reviewer'],
    ] as const
  ).filter(([{ roles }, role]) => !roles.includes(role));
  if (missing.length > 0) {
    const admin = await came('admin');
    if (!admin.roles.includes('admin')) say(`  ${await makeAdmin()}`);
    for (const [{ id }, role] of missing) await admin.person.put(`admin/users/${id}/roles/${role}`);
    say(`  The admin makes them ${missing.map(([, role]) => role).join(' and ')}.`);
  }
  return { moderator: moderator.person, reviewer: reviewer.person, appellant: appellant.person };
}

async function makeAdmin(): Promise<string> {
  const words = ['run', '-s', 'user', '--', 'grant', 'admin@example.test', 'admin'];
  try {
    const { stdout } = await run('npm', words, { cwd: projectRoot });
    return `npm ${words.join(' ')}: ${stdout.trim()}`;
  } catch (error) {
    const said = (error as { stderr?: string }).stderr?.trim() ?? '';
    throw new DemoFailure(`The first admin could not be made (npm ${words.join(' ')}): ${said}`, { cause: error });
  }
}
