import { randomBytes } from 'node:crypto';
import { createVault, VaultError } from '../../adapters/vault/vault';

const key = (kid: string) => ({ kid, key: randomBytes(32) });
const context = { sub: '0190a000-0000-7000-8000-000000000001', use: 'access' } as const;

describe('the vault', () => {
  it('gives back what was sealed, and shows nothing of it', async () => {
    const vault = createVault([key('k1')]);
    const { jwe, kid } = await vault.seal('secret-token', context);
    expect(kid).toBe('k1');
    expect(jwe).not.toContain('secret-token');
    await expect(vault.open(jwe, context)).resolves.toBe('secret-token');
  });

  it('writes owner and use into the protected header', async () => {
    const { jwe } = await createVault([key('k1')]).seal('t', context);
    const header: unknown = JSON.parse(Buffer.from(jwe.split('.')[0] ?? '', 'base64url').toString());
    expect(header).toEqual({ alg: 'dir', enc: 'A256GCM', kid: 'k1', sub: context.sub, use: 'access' });
  });

  it('refuses a token that was moved to another row', async () => {
    const vault = createVault([key('k1')]);
    const { jwe } = await vault.seal('t', context);
    await expect(vault.open(jwe, { ...context, sub: 'another' })).rejects.toThrow(VaultError);
  });

  it('refuses a refresh token offered as an access token', async () => {
    const vault = createVault([key('k1')]);
    const { jwe } = await vault.seal('t', { ...context, use: 'refresh' });
    await expect(vault.open(jwe, context)).rejects.toThrow(VaultError);
  });

  it('refuses a header that was rewritten to fit', async () => {
    const vault = createVault([key('k1')]);
    const { jwe } = await vault.seal('t', { ...context, use: 'refresh' });
    const [header = '', ...rest] = jwe.split('.');
    const claims = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
    const forged = Buffer.from(JSON.stringify({ ...claims, use: 'access' })).toString('base64url');
    await expect(vault.open([forged, ...rest].join('.'), context)).rejects.toThrow(VaultError);
  });

  it('opens what an older key sealed after a new one was put first', async () => {
    const old = key('2025');
    const fresh = key('2026');
    const { jwe } = await createVault([old]).seal('t', context);
    const rotated = createVault([fresh, old]);
    await expect(rotated.open(jwe, context)).resolves.toBe('t');
    expect((await rotated.seal('t', context)).kid).toBe('2026');
  });

  it('refuses to be made of no key at all', () => {
    expect(() => createVault([])).toThrow('at least one key');
  });

  it('names the keys that it opens with, the newest first, and never a key itself', () => {
    const vault = createVault([key('2026'), key('2025')]);
    expect(vault.keyIds).toEqual(['2026', '2025']);
    expect(Object.keys(vault).sort()).toEqual(['keyIds', 'open', 'seal']);
  });

  it('tells each failure to open something, by what it was sealed for', async () => {
    const failures: string[] = [];
    const vault = createVault([key('k1')], { onDecryptFailure: (use) => failures.push(use) });
    const { jwe } = await vault.seal('t', context);
    await vault.open(jwe, context);
    expect(failures).toEqual([]);
    await expect(vault.open(jwe, { ...context, sub: 'another' })).rejects.toThrow(VaultError);
    await expect(vault.open('', { ...context, use: 'name' })).rejects.toThrow(VaultError);
    expect(failures).toEqual(['access', 'name']);
  });

  describe('whatever is changed of a sealed value', () => {
    const known = key('k1');
    const vault = createVault([known, key('k2')]);
    const parts = async () => (await vault.seal('t', context)).jwe.split('.');
    const withHeader = async (change: Record<string, unknown>) => {
      const [header = '', ...rest] = await parts();
      const claims = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<string, unknown>;
      return [Buffer.from(JSON.stringify({ ...claims, ...change })).toString('base64url'), ...rest].join('.');
    };
    /** The last letter of a part may hold bits that count for nothing, so the first one is changed. */
    const withOther = async (index: number) => {
      const all = await parts();
      const part = all[index] ?? '';
      all[index] = (part.startsWith('A') ? 'B' : 'A') + part.slice(1);
      return all.join('.');
    };
    const noneToken = () =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('t').toString('base64url')}.`;
    const underAnotherKey = async () =>
      (await createVault([{ kid: 'k1', key: randomBytes(32) }]).seal('t', context)).jwe;
    it.each([
      ['the algorithm: none', () => withHeader({ alg: 'none' })],
      ['the algorithm: one that wraps a key', () => withHeader({ alg: 'A256KW' })],
      ['the algorithm: one with a password', () => withHeader({ alg: 'PBES2-HS256+A128KW', p2c: 1, p2s: 'AA' })],
      ['the cipher', () => withHeader({ enc: 'A128CBC-HS256' })],
      ['compression asked for', () => withHeader({ zip: 'DEF' })],
      ['an extension that must be understood', () => withHeader({ crit: ['x'], x: 1 })],
      ['another key of the ring named', () => withHeader({ kid: 'k2' })],
      ['a key named that nobody has', () => withHeader({ kid: 'k9' })],
      ['no key named', () => withHeader({ kid: undefined })],
      ['a key of its own brought along', () => withHeader({ jwk: { kty: 'oct', k: 'AAAA' } })],
      ['the owner', () => withHeader({ sub: 'another' })],
      ['the use', () => withHeader({ use: 'refresh' })],
      ['a claim added', () => withHeader({ more: true })],
      ['the header', () => withOther(0)],
      ['the initialisation vector', () => withOther(2)],
      ['the text', () => withOther(3)],
      ['the tag', () => withOther(4)],
      ['the tag, cut short', async () => (await parts()).join('.').slice(0, -4)],
      ['everything after the header', async () => `${(await parts())[0]}....`],
      ['a part missing', async () => (await parts()).slice(0, 4).join('.')],
      ['a part too many', async () => [...(await parts()), 'AAAA'].join('.')],
      ['a token that is not encrypted at all in its place', () => Promise.resolve(noneToken())],
      ['the same made with another key of that name', underAnotherKey],
    ])('%s: it is refused', async (_what, made) => {
      await expect(vault.open(await vault.seal('t', context).then(({ jwe }) => jwe), context)).resolves.toBe('t');
      await expect(vault.open(await made(), context)).rejects.toThrow(VaultError);
    });
  });

  it.each([
    ['its key is gone', async () => (await createVault([key('gone')]).seal('t', context)).jwe],
    ['its key has another content', async () => (await createVault([key('k1')]).seal('t', context)).jwe],
    ['the row is damaged', async () => (await createVault([key('k1')]).seal('t', context)).jwe.slice(0, -4) + 'AAAA'],
    ['it is no JWE at all', () => Promise.resolve('not-a-jwe')],
    ['it is empty', () => Promise.resolve('')],
  ])('says decrypt_failed, and not why, where %s', async (_story, sealed) => {
    const error = await createVault([key('k1')])
      .open(await sealed(), context)
      .catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(VaultError);
    expect(error).toMatchObject({ code: 'decrypt_failed', message: 'decrypt_failed' });
    expect((error as Error).cause).toBeUndefined();
  });
});
