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
