/** What a flow with a provider is for: signing in, adding an identity to a signed-in person, connecting a streaming account. */
export const flowPurposes = ['sign_in', 'link', 'connect'] as const;
export type FlowPurpose = (typeof flowPurposes)[number];

/**
 * How a flow stands; `delivered` is a sign-in whose one session has been handed out, `abandoned` a flow from which nobody
 * came back in time.
 */
export type FlowStatus = 'started' | 'claimed' | 'succeeded' | 'delivered' | 'failed' | 'abandoned';

/** The code of a flow whose authorization code was spent by an answer that got lost: starting again is all that helps. */
export const codeLost = 'code_lost';

/** Scopes that were asked for and not granted. */
export function missingScopes(asked: readonly string[], granted: readonly string[]): string[] {
  return asked.filter((scope) => !granted.includes(scope));
}
