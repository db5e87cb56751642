import type { OpenAction } from '../../../adapters/postgres/journal';
import { overtakenActions } from '../../../adapters/postgres/overtaken-actions';
import { rerateStep, type RatingStep } from '../../../domain/apple-music-rating';
import { type AppleMusicRunContext, ratingBefore, ratingsOf } from './ratings';
import { takeRatingSteps } from './write-ratings';

/**
 * Gives songs or albums back the ratings that they had, newest action first: where two runs rated one thing, with the person
 * in between, the earlier one finds what the later one has put back.
 */
export async function rerateBatch(context: AppleMusicRunContext, actions: readonly OpenAction[]): Promise<void> {
  const newest = [...new Map(newestLast(actions).map((action) => [action.uri, action])).values()];
  await rerateEach(context, newest);
  const older = actions.filter((action) => !newest.includes(action));
  if (older.length > 0) await rerateBatch(context, older);
}

/** By the undone actions, whose ids grow with time. */
export const newestLast = (actions: readonly OpenAction[]): OpenAction[] =>
  [...actions].sort((one, other) => ((one.undoesId ?? '') < (other.undoesId ?? '') ? -1 : 1));

async function rerateEach(context: AppleMusicRunContext, actions: readonly OpenAction[]): Promise<void> {
  const ratings = await ratingsOf(
    context,
    actions.map((action) => action.uri),
  );
  const overtaken = await overtakenActions(context.em, context.run.id, actions);
  const decided = actions.map((action) => {
    const now = ratings.get(action.uri) ?? null;
    const begun = action.status === 'applying';
    const step: RatingStep = overtaken.has(action.id)
      ? { step: 'skipped', code: 'changed_since' }
      : rerateStep({ now, before: ratingBefore(action), begun });
    return { action, now, step };
  });
  const codes = { done: 'restored', stuck: 'not_restored', losses: ['not_restorable'] };
  await takeRatingSteps(context, decided, { journaled: 'to', settled: { losses: [] }, codes });
}
