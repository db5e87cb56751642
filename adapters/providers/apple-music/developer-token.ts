import { createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';
import type { AppleMusicClientSettings } from '../../environment/apple-music-client';

/** By how much this machine's clock may be wrong, either way, without Apple taking a token for ended or for not yet begun. */
const CLOCK_OFF_SECONDS = 3600;
/** Apple allows six months; an hour keeps what a browser got from being of use for long. */
const LIFE_SECONDS = 3600 + CLOCK_OFF_SECONDS;
/** A token is given out with this much time left at least, so that a browser that got it can finish what it is for. */
const LEAST_LEFT_SECONDS = 600 + CLOCK_OFF_SECONDS;
/** A token that was signed anew because Apple refused the one before is not replaced again for this long. */
const RENEWED_ENOUGH_SECONDS = 60;

export interface DeveloperToken {
  token: string;
  expiresAt: Date;
}

export interface DeveloperTokens {
  /** The token that everybody uses; signed on first use and before its end. */
  current(): Promise<DeveloperToken>;
  /**
   * Another one after `rejected` was refused; everybody who comes with that one gets the same. `rejected` itself comes back
   * where it was signed anew only just now.
   */
  renew(rejected: string): Promise<DeveloperToken>;
}

/**
 * Developer tokens: ES256 by our key, whose id stands in the header (developer.apple.com, "Generating developer tokens").
 * Without `origin`, since servers of ours send it as well as browsers.
 */
export function createDeveloperTokens(
  settings: Pick<AppleMusicClientSettings, 'teamId' | 'keyId' | 'privateKey'>,
  now: () => Date = () => new Date(),
): DeveloperTokens {
  let key: KeyObject | undefined;
  let held: { signed: Promise<DeveloperToken>; end: number } | undefined;
  let renewedAt = -Infinity;

  const seconds = () => Math.floor(now().getTime() / 1000);

  async function sign(issuedAt: number, end: number): Promise<DeveloperToken> {
    key ??= createPrivateKey(settings.privateKey);
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: settings.keyId })
      .setIssuer(settings.teamId)
      .setIssuedAt(issuedAt - CLOCK_OFF_SECONDS)
      .setExpirationTime(end)
      .sign(key);
    return { token, expiresAt: new Date(end * 1000) };
  }

  // Decided without waiting in between, so that all who come at once share one.
  function replace(): Promise<DeveloperToken> {
    const issuedAt = seconds();
    const end = issuedAt + LIFE_SECONDS;
    held = { signed: sign(issuedAt, end), end };
    return held.signed;
  }

  function current(): Promise<DeveloperToken> {
    return held && held.end - seconds() >= LEAST_LEFT_SECONDS ? held.signed : replace();
  }

  return {
    current,
    async renew(rejected) {
      const known = await current();
      if (known.token !== rejected) return known;
      // What was made meanwhile for somebody else, or else the refused one: then signing again would not help.
      if (seconds() - renewedAt < RENEWED_ENOUGH_SECONDS) return current();
      renewedAt = seconds();
      return replace();
    },
  };
}
