import { intend, type OpenAction, settle } from '../../../adapters/postgres/journal';
import { dislikeStep } from '../../../domain/apple-music-rating';
import { type AppleMusicRunContext, ratingBefore, ratingsOf } from './ratings';
import { type RatingChange, writeRatings } from './write-ratings';

/** Rates songs or albums "Suggest Less": looks, notes how each was rated, writes, looks again, saves. */
export async function dislikeBatch(context: AppleMusicRunContext, actions: readonly OpenAction[]): Promise<void> {
  const ratings = await ratingsOf(
    context,
    actions.map((action) => action.uri),
  );
  const steps = actions.map((action) => {
    const now = ratings.get(action.uri) ?? null;
    const begun = action.status === 'applying';
    return { action, now, step: dislikeStep({ now, before: ratingBefore(action), begun }) };
  });
  await settle(
    context.em,
    context.run,
    steps.flatMap(({ action, step }) =>
      step.step === 'write' ? [] : [{ id: action.id, status: step.step, code: step.code }],
    ),
  );
  const changes = steps.flatMap(({ action, now, step }): RatingChange[] =>
    step.step === 'write' ? [{ action, from: now, to: step.to }] : [],
  );
  if (changes.length === 0) return;
  await intend(
    context.em,
    context.run,
    changes.map(({ action, from }) => ({ id: action.id, before: { present: true, rating: from } })),
  );
  await writeRatings(context, changes, { done: 'disliked', stuck: 'not_enforced' });
}
