import { findAppeal } from '../../../adapters/postgres/appeal-reads';
import { dropMessage, saveMessage } from '../../../adapters/postgres/appeal-sending';
import { draftOf } from '../../../adapters/postgres/appeal-outcomes';
import { DomainError } from '../../../domain/errors';
import { defineRoute, type HandlerInput } from '../../route';
import { idParams } from '../auth/schema';
import { presentDetail } from './presenters';
import { appealDetailSchema, decideSchema, messageSchema, versionSchema } from './schema';
import { sendStep, type StepToSend } from './send-step';

type Input = Pick<HandlerInput<'user', undefined, undefined, undefined>, 'user' | 'em' | 'ctx' | 'deps'>;

const away =
  '`503 service_unavailable` where no worker answers in time: it may still be done, and asking again under the same `Idempotency-Key` does it once.';
const common = {
  tags: ['Appeals'] as [string],
  params: idParams,
  responses: { 200: appealDetailSchema },
  idempotent: true,
};
const ofReviewer = { ...common, permission: 'reviewer' as const };
const ofAppellant = { ...common, permission: 'signed_in' as const };

/** Does the step, and shows the appeal as it is then. Whose it is not, for them it is not there. */
async function done(input: Input, step: StepToSend, mine: boolean) {
  const { user, em } = input;
  const which = { id: step.appealId, userId: mine ? user.userId : null };
  if (!(await findAppeal(em, which))) throw new DomainError('not_found');
  await sendStep(input, step);
  const row = await findAppeal(em, which);
  if (!row) throw new DomainError('not_found');
  return { status: 200 as const, body: await presentDetail(em, row, user) };
}

const claim = defineRoute({
  ...ofReviewer,
  method: 'post',
  path: '/appeals/{id}/claim',
  summary: 'Take an appeal to decide it',
  description: `One reviewer holds it, and every other one on the same decision with it: \`409 case_held_by_another\`. Nobody reviews their own decision, what concerns them, or their own appeal: \`403 own_case\`. One whose holder let a deadline pass, or may not review any more, can be taken over. ${away}`,
  body: versionSchema.default({}),
  handler: (input) => {
    const { user, params, body } = input;
    return done(input, { appealId: params.id, step: 'claim', input: () => ({ actorId: user.userId, ...body }) }, false);
  },
});

const release = defineRoute({
  ...ofReviewer,
  method: 'post',
  path: '/appeals/{id}/release',
  summary: 'Give an appeal back',
  description: `For somebody else to claim. ${away}`,
  body: versionSchema.default({}),
  handler: (input) => {
    const { user, params, body } = input;
    return done(
      input,
      { appealId: params.id, step: 'release', input: () => ({ actorId: user.userId, ...body }) },
      false,
    );
  },
});

const decide = defineRoute({
  ...ofReviewer,
  method: 'post',
  path: '/appeals/{id}/decision',
  summary: 'Decide an appeal by a draft that you saved',
  description: `And every other one that is open on the same decision. The decision stands, is taken back with all it did, or is modified; whoever appealed is told why, and where else they can go. \`409 version_conflict\` where somebody has appealed or answered since the draft was saved; \`409 already_decided\` with the final state. ${away}`,
  body: decideSchema,
  handler: async (input) => {
    const { user, em, params, body } = input;
    const draft = await draftOf(em, { appealId: params.id, draftId: body.draftId });
    if (draft?.userId !== user.userId) throw new DomainError('not_found');
    return done(input, { appealId: params.id, step: 'decide', input: () => body }, false);
  },
});

const withdraw = defineRoute({
  ...ofAppellant,
  method: 'post',
  path: '/appeals/{id}/withdraw',
  summary: 'Withdraw your appeal',
  description: `The decision stands then, unless somebody else appeals. There is no second one. ${away}`,
  body: versionSchema.default({}),
  handler: (input) => {
    const { user, params, body } = input;
    return done(
      input,
      { appealId: params.id, step: 'withdraw', input: () => ({ actorId: user.userId, ...body }) },
      true,
    );
  },
});

const ask = defineRoute({
  ...ofReviewer,
  method: 'post',
  path: '/appeals/{id}/request-information',
  summary: 'Ask whoever appeals',
  description: `The deadline goes on, and the appeal can be decided without an answer. ${away}`,
  body: messageSchema,
  handler: (input) => sendMessage(input, 'question'),
});

const answer = defineRoute({
  ...ofAppellant,
  method: 'post',
  path: '/appeals/{id}/answer',
  summary: 'Answer what was asked about your appeal',
  description: away,
  body: messageSchema,
  handler: (input) => sendMessage(input, 'answer'),
});

/** Keeps the text and has it sent; where that is denied, nothing of it stays. */
async function sendMessage(
  input: Input & { params: { id: string }; body: { text: string; version?: number | undefined } },
  kind: 'question' | 'answer',
) {
  const { user, em, params, body } = input;
  const mine = kind === 'answer';
  let saved: string | null = null;
  const step: StepToSend = {
    appealId: params.id,
    step: mine ? 'answer' : 'requestInformation',
    async input() {
      saved = await saveMessage(em, { appealId: params.id, kind, authorId: user.userId, text: body.text });
      return { messageId: saved, ...(body.version === undefined ? {} : { version: body.version }) };
    },
  };
  try {
    return await done(input, step, mine);
  } catch (error) {
    if (saved !== null && error instanceof DomainError && error.code !== 'service_unavailable')
      await dropMessage(em, saved);
    throw error;
  }
}

export const appealStepRoutes = [claim, release, decide, ask, answer, withdraw];
