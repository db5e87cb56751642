import { createHash } from 'node:crypto';
import { type ActEnd, type AppealAct, refuseAct } from '../../../adapters/postgres/appeal-acts';
import { earlierActs } from '../../../adapters/postgres/appeal-sending';
import { updateAppeal } from '../../../adapters/temporal/update-appeal';
import { type AppealStep, type AppealStepInput, isAppealOpen } from '../../../domain/appeals';
import { DomainError } from '../../../domain/errors';
import { appealHref } from '../../../domain/hrefs';
import type { HandlerInput } from '../../route';
import { Turns } from './turns';

type Input = Pick<HandlerInput<'user', undefined, undefined, undefined>, 'user' | 'em' | 'ctx' | 'deps'>;

/** Longest wait for the outcome of a step, in milliseconds. */
const patience = 5_000;

/** Of one appeal's steps, those under way from here: Temporal takes ten at once for a workflow, and has whoever is too many come again later. */
const turns = new Turns(4);

export interface StepToSend {
  appealId: string;
  step: AppealStep;
  /** Called once it is known that the step was not done before; gives what it names. */
  input: () => Promise<AppealStepInput> | AppealStepInput;
}

/**
 * Has a step of an appeal done by its workflow, and waits for its outcome. What can't be done as things are is refused at once; a
 * request that is repeated under its `Idempotency-Key` joins the first one's. Throws DomainError with the code of the refusal, or
 * `service_unavailable` where no worker answers in time: then it may still be done, and asking again is safe.
 */
export async function sendStep({ user, em, ctx, deps }: Input, { appealId, step, input }: StepToSend): Promise<void> {
  const { requestId } = ctx.state;
  const key = ctx.get('Idempotency-Key') || requestId;
  const digest = createHash('sha256').update(`${user.userId}:${key}`).digest('base64url').slice(0, 22);
  const prefix = `${step}-${digest}-`;
  const earlier = await earlierActs(em, { appealId, prefix });
  if (earlier.done) return;
  const asked = { ...(await input()), requestId };
  const act: AppealAct = { ...asked, appealId, step, updateId: `${prefix}${earlier.denied}` };
  const refuse = () => em.transactional((tx) => refuseAct(tx, act));
  const refused = await refuse();
  if (refused) return settle(appealId, refused);
  const deadline = Date.now() + patience;
  const turn = await turns.take(appealId, patience);
  try {
    // Where others came first, it may have become impossible.
    const since = turn?.waited ? await refuse() : null;
    if (since) return settle(appealId, since);
    if (turn && (await updateAppeal(deps.temporal, { appealId, step, updateId: act.updateId, input: asked }, deadline)))
      return;
  } finally {
    turn?.end();
  }
  // Read back: it was denied, or it may have been done or become impossible while nobody answered.
  const later = await refuse();
  if (later) return settle(appealId, later);
  throw new DomainError('service_unavailable', { retryAfter: 5, params: { part: 'worker' } });
}

function settle(appealId: string, { denied, state, version }: ActEnd): void {
  if (denied === null) return;
  if (isAppealOpen(state) && denied !== 'version_conflict') throw new DomainError(denied);
  throw new DomainError(denied, {
    params: { state, version },
    resource: { type: 'appeal', id: appealId, href: appealHref(appealId) },
  });
}
