import { roles, tokenScopes } from '../../../../domain/roles';
import { outcome, unknownId, type Caller, type Harness } from '../harness';
import { callOperation, everyOperation, type Operation } from './operations';
import { giveThings, rowsOf, type Owned } from './own-things';

/** Where the id of something that belongs to one person stands in a path. */
const kinds: Readonly<Record<string, keyof Owned>> = {
  '/api/v1/auth/sessions/{id}': 'session',
  '/api/v1/auth/tokens/{id}': 'token',
  '/api/v1/blocks/imports/{id}': 'blockImport',
  '/api/v1/connections/{id}': 'connection',
  '/api/v1/enforcement/plans/{id}': 'plan',
  '/api/v1/enforcement/restores/{id}': 'restore',
  '/api/v1/enforcement/runs/{id}': 'run',
  '/api/v1/jobs/{id}': 'job',
  '/api/v1/lists/{id}': 'list',
  '/api/v1/me/exports/{id}': 'export',
  '/api/v1/me/identities/{id}': 'identity',
  '/api/v1/me/merges/{id}': 'merge',
  '/api/v1/me/notifications/{id}': 'notification',
  '/api/v1/me/webhooks/{id}': 'webhook',
  '/api/v1/reports/{id}': 'report',
};

/** Paths whose parameters name what is everybody's, or what their permission guards. */
const nobodys = [
  'admin',
  'appeals',
  'artist-merges',
  'artists',
  'auth/{provider}',
  'category-subscriptions',
  'decisions',
  'exceptions',
  'graph',
  'moderation',
  'offenses',
  'policies',
  'recording-matches',
  'track-blocks',
];
const ofNobody = new RegExp(`^/api/v1/((${nobodys.join('|')})/|blocks/\\{artistId\\})`);

/** What the operations want to read before they look for the id. */
const bodies: Readonly<Record<string, unknown>> = {
  'PUT /api/v1/connections/{id}/schedule': { mode: 'apply', weekday: 'monday', hour: 3 },
  'POST /api/v1/connections/{id}/library/restore': {},
  'PUT /api/v1/blocks/imports/{id}/rows/{row}': { artistId: null },
  'PATCH /api/v1/enforcement/plans/{id}/items': { filter: {}, included: false },
  'PATCH /api/v1/enforcement/plans/{id}/checklist/{itemId}': { done: true },
  'POST /api/v1/enforcement/plans/{id}/execute': { confirm: true },
  'POST /api/v1/lists/{id}/versions': { entries: [], basedOn: 0 },
  'POST /api/v1/lists/{id}/proposals': { removals: [unknownId] },
  'POST /api/v1/lists/{id}/proposals/{proposalId}/approve': { basedOn: 0 },
  'PATCH /api/v1/lists/{id}': { version: 1, name: 'Mine now' },
  'POST /api/v1/me/merges/{id}/confirm': { confirm: true },
  'PATCH /api/v1/me/webhooks/{id}': {},
};

export function testForeignIds(set: () => Harness): void {
  let operations: Operation[] = [];
  let owned: Owned;
  let owner: { id: string; token: string };
  let stranger: Caller;
  /** Somebody else with every role. */
  let mighty: string;

  const kindOf = ({ path }: Operation) => Object.entries(kinds).find(([prefix]) => under(path, prefix))?.[1];
  const ofPeople = () => operations.filter((operation) => kindOf(operation) !== undefined);
  const nameOf = ({ method, path }: Operation) => `${method} ${path}`;
  const ask = (operation: Operation, token: string, id: (kind: keyof Owned) => string) => {
    const kind = kindOf(operation)!;
    const fill = (name: string) => (name === 'id' ? id(kind) : name === 'row' ? '1' : unknownId);
    return callOperation(set(), operation, { token, body: bodies[nameOf(operation)], fill });
  };
  const unlike = async (token: string, id: (kind: keyof Owned) => string, expected: [number, string]) => {
    const wrong: string[] = [];
    for (const operation of ofPeople()) {
      const { status, code } = await ask(operation, token, id);
      if (status !== expected[0] || code !== expected[1]) wrong.push(`${nameOf(operation)}: ${status} ${String(code)}`);
    }
    return wrong;
  };
  const everything = async () => JSON.stringify(await rowsOf(set().rows.em, owner.id));

  beforeAll(async () => {
    const harness = set();
    operations = await everyOperation(harness);
    owner = await harness.api.person();
    owned = await giveThings(harness, owner.id);
    stranger = await harness.person();
    mighty = (await harness.api.person({ roles: [...roles], scopes: [...tokenScopes] })).token;
  });

  it('is looked for wherever there is one', () => {
    const unsorted = operations.filter(
      (operation) =>
        operation.parameters.length > 0 && kindOf(operation) === undefined && !ofNobody.test(operation.path),
    );
    expect(unsorted.map(nameOf)).toEqual([]);
    expect(new Set(ofPeople().map(kindOf))).toEqual(new Set(Object.values(kinds)));
  });

  it('is there for its owner', async () => {
    const readable = ofPeople().filter(({ method, parameters }) => method === 'GET' && parameters.length === 1);
    const missing: string[] = [];
    for (const operation of readable) {
      const { status } = await ask(operation, owner.token, (kind) => owned[kind]);
      if (status === 404) missing.push(nameOf(operation));
    }
    expect(missing).toEqual([]);
  });

  it('is a 404 for everybody else, whatever their roles, but that admins look at jobs, and nothing changes', async () => {
    const before = await everything();
    expect(await unlike(mighty, (kind) => owned[kind], [404, 'not_found'])).toEqual([
      'GET /api/v1/jobs/{id}: 200 null',
      'GET /api/v1/jobs/{id}/execution: 200 null',
    ]);
    expect(await everything()).toBe(before);
  });

  it('is a 404 where it is nobody’s, or can be none', async () => {
    expect(await unlike(mighty, () => unknownId, [404, 'not_found'])).toEqual([]);
    expect(await unlike(mighty, () => 'not-an-id', [404, 'not_found'])).toEqual([]);
  });

  it('is a 404 in the body of a plan, too', async () => {
    const body = { connectionId: owned.connection, preset: 'standard' };
    expect(outcome(await stranger.send('POST', 'enforcement/plans', body))).toEqual([404, 'not_found']);
  });

  it('is a 404 for an artist that the catalog does not have, to look at, block and unblock', async () => {
    for (const id of [unknownId, 'not-an-id']) {
      expect(outcome(await stranger.get(`artists/${id}`))).toEqual([404, 'not_found']);
      expect(outcome(await stranger.send('PUT', `blocks/${id}`, {}))).toEqual([404, 'not_found']);
      expect(outcome(await stranger.send('DELETE', `blocks/${id}`))).toEqual([404, 'not_found']);
    }
  });

  const lists = [
    'connections',
    'blocks',
    'blocks/effective',
    'me/subscriptions',
    'enforcement/plans',
    'enforcement/runs',
    'jobs',
  ];
  it.each(lists)('%s of somebody with nothing says that it is empty, and why', async (path) => {
    const answer = await stranger.get(path);
    expect(answer.body).toEqual({ items: [], nextCursor: null, emptyReason: expect.stringMatching(/^no/) });
  });

  it.each(lists)('%s with a cursor that was never given is a 400', async (path) => {
    for (const cursor of ['x', 'e30', Buffer.from('{"id":"1; drop table users"}').toString('base64url')])
      expect(outcome(await stranger.get(`${path}?cursor=${cursor}`))).toEqual([400, 'invalid_cursor']);
  });
}

const under = (path: string, prefix: string) => path === prefix || path.startsWith(`${prefix}/`);
