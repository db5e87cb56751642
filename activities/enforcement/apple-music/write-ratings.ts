import { type ActionOutcome, intend, type OpenAction, release, settle } from '../../../adapters/postgres/journal';
import type { Rating, RatingStep } from '../../../domain/apple-music-rating';
import { parseAppleMusicUri } from '../../../domain/apple-music-uri';
import { ProviderError } from '../../../domain/errors';
import { lookUntil } from '../look-again';
import { attemptWrite, type WriteOutcome } from '../write';
import { type AppleMusicRunContext, ratedAt, ratingsOf } from './ratings';

/** A rating to be written, whose action is noted as on its way. */
interface RatingChange {
  action: OpenAction;
  /** As it was seen right before. */
  from: Rating;
  to: Rating;
}

/** How the outcomes of a change are called in the journal. */
interface ChangeCodes {
  done: string;
  /** The provider took it and ten seconds later does not show it. */
  stuck: string;
  losses?: string[];
}

/** What is to become of one rating, as it was seen right before. */
export interface DecidedRating {
  action: OpenAction;
  now: Rating;
  step: RatingStep;
}

/**
 * Saves what is settled as it is, then notes what is to be written, with the rating that the journal keeps of it, and writes it.
 * @param settled what is saved with each that is settled
 */
export async function takeRatingSteps(
  context: AppleMusicRunContext,
  decided: readonly DecidedRating[],
  {
    journaled,
    settled,
    codes,
  }: { journaled: 'from' | 'to'; settled: Pick<ActionOutcome, 'losses'>; codes: ChangeCodes },
): Promise<void> {
  await settle(
    context.em,
    context.run,
    decided.flatMap(({ action, step }) =>
      step.step === 'write' ? [] : [{ id: action.id, status: step.step, code: step.code, ...settled }],
    ),
  );
  const changes = decided.flatMap(({ action, now, step }): RatingChange[] =>
    step.step === 'write' ? [{ action, from: now, to: step.to }] : [],
  );
  if (changes.length === 0) return;
  await intend(
    context.em,
    context.run,
    changes.map((change) => ({ id: change.action.id, before: { present: true, rating: change[journaled] } })),
  );
  await writeRatings(context, changes, codes);
}

/**
 * Writes ratings one by one, a few at a time, reads all of them back and saves how each ended. Each is a call of its own, so
 * where Apple asks us to wait in the middle, those that were not sent are taken back from their way and the failure is
 * thrown once the others are saved.
 */
async function writeRatings(
  context: AppleMusicRunContext,
  changes: readonly RatingChange[],
  codes: ChangeCodes,
): Promise<void> {
  const { sent, refused, unsent, failure } = await sendAll(context, changes, codes);
  if (unsent.length > 0)
    await release(
      context.em,
      context.run,
      unsent.map(({ action }) => action.id),
    );
  if (refused.length > 0) await settle(context.em, context.run, refused);
  await settle(context.em, context.run, await lookAndSendAgain(context, sent, codes));
  if (failure) throw failure;
}

interface Sent extends RatingChange {
  unknown: boolean;
}

async function sendAll(context: AppleMusicRunContext, changes: readonly RatingChange[], codes: ChangeCodes) {
  const sent: Sent[] = [];
  const refused: ActionOutcome[] = [];
  const unsent: RatingChange[] = [];
  let failure: unknown = null;
  const send = async (change: RatingChange) => {
    try {
      const write = await sendOne(context, change);
      if (write.outcome === 'refused') refused.push(refusal(change, write.code, codes));
      else sent.push({ ...change, unknown: write.outcome === 'unknown' });
    } catch (error) {
      failure ??= error;
      // Anything but a provider's failure says nothing about whether it was sent: it stays on its way.
      if (error instanceof ProviderError) unsent.push(change);
    }
  };
  await Promise.all(changes.map(send));
  return { sent, refused, unsent, failure };
}

/** An upload that is gone from the library can't be rated, and nobody has to keep it out any more; it is in no catalog. */
const refusal = ({ action, to }: RatingChange, code: string, { losses = [] }: ChangeCodes): ActionOutcome =>
  to === -1 && action.undoesId === null && code === 'not_found' && parseAppleMusicUri(action.uri)?.inLibrary
    ? { id: action.id, status: 'skipped', code: 'already_absent' }
    : { id: action.id, status: 'failed', code, losses };

async function sendOne(context: AppleMusicRunContext, { action, to }: RatingChange): Promise<WriteOutcome<void>> {
  const { type, id } = ratedAt(action.uri);
  const write = await attemptWrite(() =>
    context.session.call((client, auth) =>
      to === null ? client.unrate(auth, type, id) : client.rate(auth, type, id, to),
    ),
  );
  // Says nothing about the song: nothing more can be done at this account.
  if (write.outcome === 'refused' && write.code === 'subscription_missing')
    throw new ProviderError('forbidden', { code: write.code });
  return write;
}

/** A rating whose answer got lost and that does not show after ten seconds did not arrive; writing it twice does no harm. */
async function lookAndSendAgain(
  context: AppleMusicRunContext,
  sent: readonly Sent[],
  codes: ChangeCodes,
): Promise<ActionOutcome[]> {
  if (sent.length === 0) return [];
  const seen = await look(context, sent);
  const lost = sent.filter(({ unknown, action, from, to }) => {
    const now = seen.get(action.uri) ?? null;
    return unknown && now !== to && now === from;
  });
  for (const change of lost) await sendOne(context, change);
  const last = lost.length > 0 ? await look(context, sent) : seen;
  return sent.map(({ action, from, to }): ActionOutcome => {
    const now = last.get(action.uri) ?? null;
    if (now === to) return { id: action.id, status: 'applied', code: codes.done };
    if (now !== from) return { id: action.id, status: 'skipped', code: 'changed_since', losses: [] };
    return {
      id: action.id,
      status: 'failed',
      code: codes.stuck,
      ...(codes.losses ? { losses: codes.losses } : {}),
    };
  });
}

const look = (context: AppleMusicRunContext, changes: readonly RatingChange[]): Promise<Map<string, Rating>> =>
  lookUntil(
    context,
    () =>
      ratingsOf(
        context,
        changes.map(({ action }) => action.uri),
      ),
    (seen) => changes.every(({ action, to }) => (seen.get(action.uri) ?? null) === to),
  );
