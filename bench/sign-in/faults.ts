import type { sandboxAdmin } from '../../dev/connected-account/sandbox-admin';

type Admin = ReturnType<typeof sandboxAdmin>;

/** What our side asks each provider while somebody signs in; pages that people see are not among it. */
const calls = {
  google: [
    ['POST', '/token'],
    ['GET', '/oauth2/v3/certs'],
    ['POST', '/revoke'],
  ],
  apple: [
    ['POST', '/auth/token'],
    ['GET', '/auth/keys'],
    ['POST', '/auth/revoke'],
  ],
  github: [
    ['POST', '/login/oauth/access_token'],
    ['GET', '/api/user'],
    ['GET', '/api/user/emails'],
    ['DELETE', '/api/applications/{client_id}/grant'],
  ],
} as const;

export type SignInProvider = keyof typeof calls;
export const signInProviders = Object.keys(calls) as SignInProvider[];

const forever = 1_000_000_000;

/** The ways in which a call goes wrong for a moment, each as often as the others. */
const mishaps = [{ status: 503 }, { hangUp: true }, { dropAnswer: true }, { delayMs: 2_000 }];

/** Orders the latency of every call, and mishaps for a share of them. */
export async function conductCalls(
  admin: Admin,
  { latencyMs, share }: { latencyMs: number; share: number },
): Promise<void> {
  await admin.clearFaults();
  for (const service of signInProviders) {
    for (const [method, route] of calls[service]) {
      const on = { service, method, route, times: forever };
      if (share > 0) {
        for (const [n, mishap] of mishaps.entries()) {
          // Each gets its part of all calls, although those before it have taken theirs.
          const part = share / mishaps.length;
          await admin.fault({ ...on, delayMs: latencyMs, ...mishap, chance: part / (1 - n * part) });
        }
      }
      await admin.fault({ ...on, delayMs: latencyMs });
    }
  }
}

/** Calls to a provider while people signed in, and how many of them got no answer or a 5xx. Delays aren't seen here. */
export async function callsMade(admin: Admin, service: SignInProvider): Promise<{ all: number; failed: number }> {
  const own = (await admin.calls()).filter(
    (call) =>
      call.service === service &&
      calls[service].some(([method, route]) => call.method === method && call.route === route),
  );
  const sum = (counted: typeof own) => counted.reduce((total, { count }) => total + count, 0);
  return { all: sum(own), failed: sum(own.filter(({ status }) => status === 0 || status >= 500)) };
}
