import type { Call } from '../conduct/world';

/** The scopes of a grant: a fault may answer with fewer than were asked for, and the token then really has no more. */
export function grantedScopes(call: Call, asked: string[]): string[] {
  const body: unknown = call.state.fault?.body;
  const scope = typeof body === 'object' && body !== null && 'scope' in body ? body.scope : undefined;
  return typeof scope === 'string' ? scope.split(/[\s,]+/).filter(Boolean) : asked;
}
