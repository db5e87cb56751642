import type { CaseState } from './moderation';

/** A case, as far as it matters who may do something with it. */
export interface HandledCase {
  state: CaseState;
  holderId: string | null;
  /** When it is released unless its holder does something with it. */
  heldUntil: Date | null;
  version: number;
}

/** Who wants something with a case, and when. */
export interface CaseHandler {
  /** Their ids: their own, and those of accounts that were merged into theirs. */
  ids: readonly string[];
  /** Whether the case is about something of theirs, or something that they reported. */
  concerned: boolean;
  now: Date;
}

export type CaseDenial = 'own_case' | 'already_decided' | 'case_held_by_another' | 'not_claimed' | 'version_conflict';

/** Who holds a case at a moment. A claim ends when its time comes, whoever has seen to it. */
export function holderAt({ holderId, heldUntil }: Omit<HandledCase, 'version'>, now: Date): string | null {
  return heldUntil !== null && heldUntil > now ? holderId : null;
}

/** Why somebody does not claim a case; null where they do. Whoever holds it claims it for longer. */
export function claimDenial(held: HandledCase, { ids, concerned, now }: CaseHandler): CaseDenial | null {
  if (concerned) return 'own_case';
  if (held.state === 'decided') return 'already_decided';
  const holder = holderAt(held, now);
  return holder === null || ids.includes(holder) ? null : 'case_held_by_another';
}

/** Why somebody does not give a case back; null where they do, or where nobody holds it. */
export function releaseDenial(held: HandledCase, { ids, now }: CaseHandler): CaseDenial | null {
  if (held.state === 'decided') return 'already_decided';
  const holder = holderAt(held, now);
  return holder === null || ids.includes(holder) ? null : 'case_held_by_another';
}

/** Why somebody does not decide a case as they saw it, in a version; null where they do. */
export function decisionDenial(held: HandledCase, handler: CaseHandler & { version: number }): CaseDenial | null {
  const denied = claimDenial(held, handler);
  if (denied) return denied;
  if (holderAt(held, handler.now) === null) return 'not_claimed';
  return held.version === handler.version ? null : 'version_conflict';
}
