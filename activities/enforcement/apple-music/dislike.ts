import type { OpenAction } from '../../../adapters/postgres/journal';
import { dislikeStep } from '../../../domain/apple-music-rating';
import { type AppleMusicRunContext, ratingBefore, ratingsOf } from './ratings';
import { takeRatingSteps } from './write-ratings';

/** Rates songs or albums "Suggest Less": looks, notes how each was rated, writes, looks again, saves. */
export async function dislikeBatch(context: AppleMusicRunContext, actions: readonly OpenAction[]): Promise<void> {
  const ratings = await ratingsOf(
    context,
    actions.map((action) => action.uri),
  );
  const decided = actions.map((action) => {
    const now = ratings.get(action.uri) ?? null;
    const begun = action.status === 'applying';
    return { action, now, step: dislikeStep({ now, before: ratingBefore(action), begun }) };
  });
  const codes = { done: 'disliked', stuck: 'not_enforced' };
  await takeRatingSteps(context, decided, { journaled: 'from', settled: {}, codes });
}
