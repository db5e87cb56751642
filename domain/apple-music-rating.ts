/** A love (1), a dislike ("Suggest Less", −1), or none. */
export type Rating = 1 | -1 | null;

/** How a rating stands to be handled: written, or settled as it is with a code. */
export type RatingStep = { step: 'write'; to: Rating } | { step: 'applied' | 'skipped'; code: string };

/**
 * What a run does about one rating. What is disliked already is the person's own, and a rollback must leave it; after a
 * crash or a lost answer (`begun`) it is what the run itself wrote.
 * @param begun whether an attempt of this action was made before; then `before` is what that one found
 */
export function dislikeStep({ now, before, begun }: { now: Rating; before: Rating; begun: boolean }): RatingStep {
  if (now === -1) return begun ? { step: 'applied', code: 'disliked' } : { step: 'skipped', code: 'already_disliked' };
  // Between the look and now somebody rated it anew: theirs is the later word.
  if (begun && now !== before) return { step: 'skipped', code: 'changed_since' };
  return { step: 'write', to: -1 };
}

/**
 * What a rollback does about one rating: only what still stands as the run left it goes back to what was before, so a
 * song that had no rating has none again, and is not loved instead.
 */
export function rerateStep({ now, before, begun }: { now: Rating; before: Rating; begun: boolean }): RatingStep {
  if (now === before)
    return begun ? { step: 'applied', code: 'restored' } : { step: 'skipped', code: 'already_present' };
  return now === -1 ? { step: 'write', to: before } : { step: 'skipped', code: 'changed_since' };
}
