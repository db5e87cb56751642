import {
  callFor,
  consentEnd,
  consentWarning,
  healthAfter,
  healthCodes,
  healthOf,
  type HealthCode,
} from '../../../domain/connection-health';

const codes = Object.keys(healthCodes) as HealthCode[];
const healthy = healthOf(null);
const calm = { consentEnding: false };

describe('how a connection stands', () => {
  it.each(codes)('says %s of a healthy one, and is well again when that ends', (code) => {
    const ill = healthAfter(healthy, { fault: code }, calm);
    expect(ill).toEqual({ state: healthCodes[code].health, code });
    expect(healthAfter(ill, { proof: 'consent' }, calm)).toEqual(healthy);
    expect(healthAfter(ill, { proof: healthCodes[code].endedBy }, calm)).toEqual(healthy);
  });

  it.each(codes.filter((code) => healthCodes[code].health === 'needs_reconnect'))(
    'still says %s when the provider is away, is slow or names a lesser fault',
    (code) => {
      const ill = healthOf(code);
      for (const fault of [
        'provider_unavailable',
        'rate_limited',
        'consent_expiring',
        'app_owner_not_premium',
      ] as const)
        expect(healthAfter(ill, { fault }, calm)).toEqual(ill);
    },
  );

  it('never lets "nothing could be learned" replace what was learned', () => {
    const ill = healthOf('app_user_not_allowed');
    expect(healthAfter(ill, { fault: 'provider_unavailable' }, calm)).toEqual(ill);
    expect(healthAfter(ill, { fault: 'app_owner_not_premium' }, calm)).toEqual(healthOf('app_owner_not_premium'));
    expect(healthAfter(healthOf('provider_unavailable'), { fault: 'app_user_not_allowed' }, calm)).toEqual(ill);
  });

  it('calls the person where a consent, a subscription, another app or a word to its owner helps, and nowhere else', () => {
    const called = (call: string | null) => codes.filter((code) => callFor(healthOf(code)) === call).sort();
    expect(called('connection.degraded')).toEqual([
      'app_owner_not_premium',
      'app_user_not_allowed',
      'subscription_missing',
    ]);
    expect(called(null)).toEqual(['consent_expiring', 'provider_unavailable', 'rate_limited']);
    expect(callFor(healthy)).toBeNull();
  });

  it('keeps a missing permission until the person consents anew, however well tokens are renewed', () => {
    const ill = healthOf('scope_missing');
    expect(healthAfter(ill, { proof: 'token' }, calm)).toEqual(ill);
    expect(healthAfter(ill, { proof: 'answer' }, calm)).toEqual(ill);
  });

  it('does not take a renewed token for an answer about the account', () => {
    const ill = healthOf('app_user_not_allowed');
    expect(healthAfter(ill, { proof: 'token' }, calm)).toEqual(ill);
    expect(healthAfter(ill, { proof: 'answer' }, calm)).toEqual(healthy);
  });

  it('goes on warning of a consent that ends when another trouble is over', () => {
    const expiring = healthOf('consent_expiring');
    const ending = { consentEnding: true };
    const away = healthAfter(expiring, { fault: 'provider_unavailable' }, ending);
    expect(away.state).toBe('degraded');
    expect(healthAfter(away, { proof: 'token' }, ending)).toEqual(expiring);
    expect(healthAfter(expiring, { proof: 'answer' }, ending)).toEqual(expiring);
    expect(healthAfter(expiring, { proof: 'consent' }, ending)).toEqual(healthy);
  });
});

describe('the end of a consent', () => {
  it.each([
    ['2026-01-15T10:00:00Z', '2026-07-15T10:00:00.000Z'],
    ['2025-08-31T10:00:00Z', '2026-02-28T10:00:00.000Z'],
    ['2026-11-30T23:59:59Z', '2027-05-30T23:59:59.000Z'],
  ])('is six months after %s at Spotify, and told of two weeks before', (consented, end) => {
    const at = new Date(consented);
    expect(consentEnd('spotify', at)?.toISOString()).toBe(end);
    expect(consentWarning('spotify', at)?.getTime()).toBe(new Date(end).getTime() - 14 * 86_400_000);
  });

  it('is not known at Apple Music', () => {
    expect(consentEnd('apple_music', new Date())).toBeNull();
  });
});
