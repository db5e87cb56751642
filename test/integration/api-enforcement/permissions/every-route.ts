import { newId } from '../../../../adapters/postgres/ids';
import { roles, tokenScopes, type Permission } from '../../../../domain/roles';
import { unknownId, type Harness } from '../harness';
import { callOperation, everyOperation, type Operation, type Reply } from './operations';

const callers = ['anonymous', 'suspended', 'user', 'moderator', 'reviewer', 'admin'] as const;
type Who = (typeof callers)[number];

/** Who may, in the words of the design: the one who is suspended holds every role. */
const allowed: Readonly<Record<Permission, readonly Who[]>> = {
  anyone: callers,
  signed_in: ['suspended', 'user', 'moderator', 'reviewer', 'admin'],
  user: ['user', 'moderator', 'reviewer', 'admin'],
  moderator: ['moderator'],
  reviewer: ['reviewer'],
  staff: ['moderator', 'reviewer', 'admin'],
  admin: ['admin'],
};

/** What keeps a caller out where they may not. */
const denials: Readonly<Record<Who, Reply>> = {
  anonymous: { status: 401, code: 'unauthenticated' },
  suspended: { status: 403, code: 'suspended' },
  user: { status: 403, code: 'role_missing' },
  moderator: { status: 403, code: 'role_missing' },
  reviewer: { status: 403, code: 'role_missing' },
  admin: { status: 403, code: 'role_missing' },
};

/** What a suspended person may do here depends on what they ask for; this they may. */
const asked: Readonly<Record<string, string>> = {
  'GET /api/v1/connections/spotify/start': `?connectionId=${unknownId}`,
};

export function testEveryRoute(set: () => Harness): void {
  const tokens = new Map<Who, string | null>();
  const replies = new Map<string, Map<Who, Reply>>();
  let operations: Operation[] = [];
  const nameOf = ({ method, path }: Operation) => `${method} ${path}`;

  const deniedBy = (reply: Reply | undefined) =>
    reply?.status === 401 || ['role_missing', 'suspended', 'scope_missing'].includes(String(reply?.code));

  beforeAll(async () => {
    const harness = set();
    operations = await everyOperation(harness);
    for (const who of callers) tokens.set(who, await tokenOf(harness, who));
    for (const operation of operations) {
      const path = operation.path + (asked[nameOf(operation)] ?? '');
      const answers = await Promise.all(
        callers.map(async (who) => {
          const call = { token: tokens.get(who) ?? null, fill: sample };
          return [who, await callOperation(harness, { ...operation, path }, call)] as const;
        }),
      );
      replies.set(nameOf(operation), new Map(answers));
    }
    process.stdout.write(table(operations, (operation, who) => !deniedBy(replies.get(nameOf(operation))?.get(who))));
  });

  it('says in the document who may call it', () => {
    expect(operations.length).toBeGreaterThan(100);
    const silent = operations.filter(({ permission }) => !(permission in allowed));
    expect(silent.map(nameOf)).toEqual([]);
  });

  it.each(callers)('lets the %s caller through where that is so, and nowhere else', (who) => {
    const wrong = operations.flatMap((operation) => {
      const reply = replies.get(nameOf(operation))?.get(who);
      const may = allowed[operation.permission].includes(who);
      const right = may ? !deniedBy(reply) : JSON.stringify(reply) === JSON.stringify(denials[who]);
      return right ? [] : [{ operation: nameOf(operation), may, reply }];
    });
    expect(wrong).toEqual([]);
  });

  it('fails for nobody in a way that nobody expected', () => {
    const failed = [...replies].flatMap(([name, answers]) =>
      [...answers].filter(([, { status }]) => status === 500).map(([who]) => `${name} for ${who}`),
    );
    expect(failed).toEqual([]);
  });

  it('keeps on record what a known person was denied, and no more', async () => {
    const rows = await set().rows.em.execute<{ code: string; route: string; permission: string; n: number }[]>(
      `select details->>'code' as code, details->>'route' as route, details->>'permission' as permission, count(*)::int as n
       from audit_entries where event = 'access.denied' and outcome = 'denied' and actor_id is not null group by 1, 2, 3`,
    );
    const known = callers.filter((who) => who !== 'anonymous');
    const expected = operations.flatMap(({ permission }) => known.filter((who) => !allowed[permission].includes(who)));
    expect(rows.reduce((sum, { n }) => sum + n, 0)).toBe(expected.length);
    expect(rows).toContainEqual(
      expect.objectContaining({ code: 'role_missing', route: '/api/v1/admin/users', permission: 'admin', n: 3 }),
    );
  });
}

/** A token with every scope that there is; what it can do is limited by its person's roles. */
async function tokenOf({ api, rows }: Harness, who: Who): Promise<string | null> {
  if (who === 'anonymous') return null;
  const held = who === 'suspended' ? [...roles] : who === 'user' ? [] : [who];
  const { id, token } = await api.person({ roles: held, scopes: [...tokenScopes] });
  if (who === 'suspended')
    await rows.em.execute(`insert into user_suspensions (id, user_id, reason, suspended_by) values (?, ?, 'Why', ?)`, [
      newId(),
      id,
      newId(),
    ]);
  return token;
}

function sample(parameter: string): string {
  if (parameter === 'provider') return 'spotify';
  if (parameter === 'role') return 'moderator';
  return parameter === 'row' ? '1' : unknownId;
}

function table(operations: Operation[], may: (operation: Operation, who: Who) => boolean): string {
  const width = Math.max(...operations.map(({ path }) => path.length)) + 8;
  const line = (first: string, cells: readonly string[]) =>
    `${first.padEnd(width)}${cells.map((cell, n) => cell.padEnd(callers[n]!.length + 2)).join('')}`.trimEnd();
  const lines = operations.map((operation) =>
    line(
      `${operation.method.padEnd(7)}${operation.path.replace('/api/v1', '')}`,
      callers.map((who) => (may(operation, who) ? '✔' : '·')),
    ),
  );
  return `\n${[line('', callers), ...lines].join('\n')}\n`;
}
