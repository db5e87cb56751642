import { createCredentialAccess, createCredentialStore } from '../../adapters/postgres/credentials';
import { AuditEntry, Connection, Credential } from '../../adapters/postgres/entities';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { createVault } from '../../adapters/vault/vault';
import { spotifyTokens } from '../support/spotify-consent';
import { startHarness, type Harness } from './credentials-harness';

const needsReconnect = { failure: 'unauthorized', details: { code: 'needs_reconnect' } };
const tokenFault = (more: object) => ({ service: 'spotify-accounts', method: 'POST', ...more });

describe('a connection’s access token', () => {
  let at: Harness;

  beforeAll(async () => {
    at = await startHarness();
  });

  afterAll(() => at?.close());

  beforeEach(() => at.admin('DELETE', '/faults'));

  const stored = (id: string) =>
    at.store.read(id).then((credential) => credential ?? Promise.reject(new Error('gone')));
  const without = (keys: Parameters<typeof createVault>[0]) =>
    createCredentialAccess({ orm: at.orm, vault: createVault(keys), joinRefresh: () => Promise.reject(new Error()) });

  it('is read without any workflow while it is fresh', async () => {
    const id = await at.connect(3600);
    const alone = createCredentialAccess({ ...at, joinRefresh: () => Promise.reject(new Error('asked')) });
    const token = await alone.forConnection(id);
    expect(token).toEqual({
      accessToken: (await stored(id)).accessToken,
      version: 1,
      clientId: 'sandbox-spotify',
      quota: 'test',
      epoch: 1,
    });
  });

  it('rests as a JWE, never as itself', async () => {
    const id = await at.connect(3600);
    const { accessToken, refreshToken } = await stored(id);
    const row = await at.orm.em.fork().findOneOrFail(Credential, { ownerId: id });
    expect(row.keyId).toBe('test');
    expect(JSON.stringify(row)).not.toContain(accessToken);
    expect(JSON.stringify(row)).not.toContain(refreshToken);
  });

  it('is renewed once when twelve batches want it at the same time, and works', async () => {
    const id = await at.connect(30);
    const tokens = await Promise.all(Array.from({ length: 12 }, () => at.access.forConnection(id)));
    expect(new Set(tokens.map(({ accessToken }) => accessToken)).size).toBe(1);
    expect(tokens[0]?.version).toBe(2);
    expect(await at.tokenCalls()).toBe(1);
    const profile = await fetch(`${at.sandbox.url}/spotify/v1/me`, {
      headers: { authorization: `Bearer ${tokens[0]?.accessToken}` },
    });
    expect(profile.status).toBe(200);
  });

  it('is renewed although it looks fresh when the provider does not take it', async () => {
    const id = await at.connect(3600);
    const { accessToken: old } = await stored(id);
    const renewed = await at.access.forConnection(id, { rejectedVersion: 1 });
    expect(renewed.version).toBe(2);
    expect(renewed.accessToken).not.toBe(old);
    // A slower batch that was refused with the same old token needs no refresh of its own.
    await expect(at.access.forConnection(id, { rejectedVersion: 1 })).resolves.toEqual(renewed);
    expect(await at.tokenCalls()).toBe(1);
  });

  it('is renewed by the rotated refresh token the next time, and by the old one where none came', async () => {
    const id = await at.connect(3600);
    const first = (await stored(id)).refreshToken;
    await at.access.forConnection(id, { rejectedVersion: 1 });
    expect((await stored(id)).refreshToken).toBe(first);
    await at.admin('POST', '/faults', tokenFault({ rotateRefreshToken: true }));
    await at.access.forConnection(id, { rejectedVersion: 2 });
    expect((await stored(id)).refreshToken).not.toBe(first);
    await expect(at.access.forConnection(id, { rejectedVersion: 3 })).resolves.toMatchObject({ version: 4 });
  });

  it('is not lost to a provider in trouble: errors, lost answers and limits are waited out', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', tokenFault({ status: 503 }));
    await at.admin('POST', '/faults', tokenFault({ dropAnswer: true }));
    await at.admin('POST', '/faults', tokenFault({ status: 429, retryAfter: 1 }));
    await expect(at.access.forConnection(id)).resolves.toMatchObject({ version: 2 });
    expect(at.refreshes).toEqual(['again', 'again', 'again', 'refreshed']);
    await expect(at.health(id)).resolves.toEqual({ health: 'healthy', healthCode: null });
  });

  it('needs its person at once when the refresh is refused, and is not asked for again', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await expect(at.access.forConnection(id)).rejects.toMatchObject(needsReconnect);
    await expect(at.access.forConnection(id)).rejects.toMatchObject(needsReconnect);
    expect(await at.tokenCalls()).toBe(1);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'refresh_rejected' });
    const entries = await at.orm.em.fork().find(AuditEntry, { subjectId: id });
    expect(entries).toMatchObject([{ event: 'connection.needs_reconnect', details: { code: 'refresh_rejected' } }]);
  });

  it('is the new consent’s when the person reconnects while the old refresh is on its way', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/users/listener/spotify/revoke');
    await at.admin('POST', '/faults', tokenFault({ delayMs: 800 }));
    const waiting = at.access.forConnection(id);
    // The new consent asks for tokens too: it begins when the fault is taken by the refresh that waits.
    const tokens = await untilValue(async () => {
      const { items } = (await at.admin('GET', '/faults')) as { items: unknown[] };
      return items.length === 0 ? spotifyTokens(at.sandbox.url, 'listener', spotifyScopes) : null;
    });
    await at.store.save(
      at.orm.em.fork(),
      { id, type: 'connection', provider: 'spotify' },
      { ...tokens, expiresInSeconds: 3600 },
    );
    await expect(waiting).resolves.toMatchObject({ accessToken: tokens.accessToken, version: 2 });
    expect(at.refreshes).toEqual(['already_newer']);
    await expect(at.health(id)).resolves.toMatchObject({ health: 'healthy' });
  });

  it('is gone when the connection is deleted, before or in the middle of a refresh', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', tokenFault({ delayMs: 500 }));
    const waiting = at.access.forConnection(id);
    await until(async () => ((await at.admin('GET', '/faults')) as { items: unknown[] }).items.length === 0);
    await at.orm.em.fork().transactional(async (em) => {
      await at.store.erase(em, id);
      await em.nativeDelete(Connection, { id });
    });
    const gone = { failure: 'forbidden', details: { code: 'connection_disconnected' } };
    await expect(waiting).rejects.toMatchObject(gone);
    await expect(at.access.forConnection(id)).rejects.toMatchObject(gone);
    expect(await at.store.read(id)).toBeNull();
  });

  it('is never overwritten by a late attempt', async () => {
    const id = await at.connect(3600);
    const tokens = { accessToken: 'late', refreshToken: null, expiresInSeconds: 60 };
    await expect(at.store.replace(id, 1, { ...tokens, accessToken: 'first' })).resolves.toBe(true);
    await expect(at.store.replace(id, 1, tokens)).resolves.toBe(false);
    await expect(at.store.replace('0190a000-0000-7000-8000-000000000001', 1, tokens)).resolves.toBe(false);
    expect(await stored(id)).toMatchObject({ accessToken: 'first', version: 2 });
  });

  it('says that its key is missing, and comes back with the key', async () => {
    const id = await at.connect(3600);
    const other = [{ kid: 'other', key: Buffer.alloc(32, 9) }];
    await expect(without(other).forConnection(id)).rejects.toMatchObject(needsReconnect);
    await expect(at.health(id)).resolves.toEqual({ health: 'needs_reconnect', healthCode: 'decrypt_failed' });
    await expect(without(at.config.VAULT_KEYS).forConnection(id)).resolves.toMatchObject({ version: 1 });
    await expect(at.health(id)).resolves.toEqual({ health: 'healthy', healthCode: null });
  });

  it('needs its person where there never was a refresh token', async () => {
    const id = await at.connect(0);
    await at.orm.em.fork().nativeUpdate(Credential, { ownerId: id }, { refreshToken: null });
    await expect(at.access.forConnection(id)).rejects.toMatchObject(needsReconnect);
    await expect(at.health(id)).resolves.toMatchObject({ healthCode: 'refresh_token_missing' });
    expect(await at.tokenCalls()).toBe(0);
  });

  it('is not sent to a client id that it was not made for', async () => {
    const id = await at.connect(0);
    await at.orm.em.fork().nativeUpdate(Connection, { id }, { clientId: 'some-other-app' });
    await expect(at.access.forConnection(id)).rejects.toMatchObject(needsReconnect);
    expect(await at.tokenCalls()).toBe(0);
  });

  it('can be had again after our own client was refused, without the person', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', tokenFault({ status: 400, body: { error: 'invalid_client' } }));
    await expect(at.access.forConnection(id)).rejects.toMatchObject({
      failure: 'unavailable',
      details: { code: 'refresh_failed' },
    });
    await expect(at.health(id)).resolves.toEqual({ health: 'degraded', healthCode: 'provider_unavailable' });
    await expect(at.access.forConnection(id)).resolves.toMatchObject({ version: 2 });
    await expect(at.health(id)).resolves.toEqual({ health: 'healthy', healthCode: null });
  });

  it('is not waited for by somebody who gave up', async () => {
    const id = await at.connect(0);
    await at.admin('POST', '/faults', tokenFault({ delayMs: 1000 }));
    const controller = new AbortController();
    const reason = new Error('cancelled');
    const waiting = at.access.forConnection(id, { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 100);
    await expect(waiting).rejects.toBe(reason);
    await expect(at.access.forConnection(id)).resolves.toMatchObject({ version: 2 });
  });

  it('shows in no history, whatever happened to it', async () => {
    const { items } = (await at.admin('GET', '/secrets')) as { items: string[] };
    let histories = 0;
    for await (const { workflowId, runId } of at.client.workflow.list()) {
      const history = JSON.stringify(await at.client.workflow.getHandle(workflowId, runId).fetchHistory());
      const readable = history + payloadsOf(history);
      expect(readable).toContain('"ownerId"');
      expect(items.filter((secret) => readable.includes(secret))).toEqual([]);
      histories += 1;
    }
    expect(histories).toBeGreaterThan(5);
  });

  it('keeps owners of other kinds apart', async () => {
    const store = createCredentialStore(at.orm, at.vault);
    const id = '0190a000-0000-7000-8000-0000000000aa';
    const owner = { id, type: 'identity', provider: 'google' } as const;
    await store.save(at.orm.em.fork(), owner, { accessToken: 'g', refreshToken: null, expiresInSeconds: null });
    await expect(store.read(id)).resolves.toEqual({ accessToken: 'g', refreshToken: null, version: 1 });
    await store.erase(at.orm.em.fork(), id);
    await expect(store.read(id)).resolves.toBeNull();
  });
});

/** Payloads are base64 in a history: their text, for looking through. */
function payloadsOf(history: string): string {
  const found = [...history.matchAll(/"data":"([A-Za-z0-9+/=]+)"/g)];
  return found.map(([, data = '']) => Buffer.from(data, 'base64').toString('utf8')).join('\n');
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  await untilValue(async () => ((await holds().catch(() => false)) ? true : null));
}

async function untilValue<T>(find: () => Promise<T | null>): Promise<T> {
  for (;;) {
    const value = await find();
    if (value !== null) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
