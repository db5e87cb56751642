import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, jwtVerify } from 'jose';
import { sandboxAppleMusicKey } from '../../../adapters/environment/sandbox-apple-music-key';
import { createDeveloperTokens } from '../../../adapters/providers/apple-music/developer-token';

const settings = sandboxAppleMusicKey();
const publicKey = createPublicKey(settings.privateKey);

function tokensAt(start: string) {
  let now = new Date(start);
  const tokens = createDeveloperTokens(settings, () => now);
  return { tokens, later: (seconds: number) => (now = new Date(now.getTime() + seconds * 1000)), now: () => now };
}

describe('the developer token', () => {
  it('is ES256 by the key that it names, of the team, for an hour, and for another where a clock is wrong', async () => {
    const { tokens, now } = tokensAt('2026-11-25T10:00:00.400Z');
    const { token, expiresAt } = await tokens.current();
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: settings.keyId });
    const { payload } = await jwtVerify(token, publicKey, { currentDate: now() });
    const iat = Date.parse('2026-11-25T10:00:00Z') / 1000;
    expect(payload).toEqual({ iss: settings.teamId, iat: iat - 3600, exp: iat + 7200 });
    expect(expiresAt).toEqual(new Date('2026-11-25T12:00:00Z'));
  });

  it('is one and the same for everybody, however many ask at once', async () => {
    const { tokens, later } = tokensAt('2026-11-25T10:00:00Z');
    const asked = await Promise.all(Array.from({ length: 20 }, () => tokens.current()));
    later(3000);
    expect(new Set([...asked, await tokens.current()].map(({ token }) => token)).size).toBe(1);
  });

  it('is signed anew ten minutes before its hour is over, once for all', async () => {
    const { tokens, later } = tokensAt('2026-11-25T10:00:00Z');
    const first = await tokens.current();
    later(3001);
    const asked = await Promise.all(Array.from({ length: 20 }, () => tokens.current()));
    expect(new Set(asked.map(({ token }) => token)).size).toBe(1);
    expect(asked[0]?.token).not.toBe(first.token);
    expect(asked[0]?.expiresAt).toEqual(new Date('2026-11-25T12:50:01Z'));
  });

  it('is signed anew once for all whose call was refused with it', async () => {
    const { tokens } = tokensAt('2026-11-25T10:00:00Z');
    const { token: refused } = await tokens.current();
    const renewed = await Promise.all(Array.from({ length: 20 }, () => tokens.renew(refused)));
    expect(new Set(renewed.map(({ token }) => token)).size).toBe(1);
    expect(renewed[0]?.token).not.toBe(refused);
    expect((await tokens.renew(refused)).token).toBe(renewed[0]?.token);
  });

  it('that was refused right after it was signed anew is not signed a third time, but a minute later it is', async () => {
    const { tokens, later } = tokensAt('2026-11-25T10:00:00Z');
    const second = await tokens.renew((await tokens.current()).token);
    expect(await tokens.renew(second.token)).toEqual(second);
    later(60);
    expect((await tokens.renew(second.token)).token).not.toBe(second.token);
  });
});
