import { ApplicationFailure, defineSignal, defineUpdate } from '@temporalio/workflow';
import type { AppealState, AppealStepInput } from '../domain/appeals';

export interface StepEnd {
  state: AppealState;
  version: number;
}

const step = (name: string) => defineUpdate<StepEnd, [AppealStepInput]>(name);

/** Each fails with the code by which it was denied. */
export const claimUpdate = step('claim');
export const releaseUpdate = step('release');
export const decideUpdate = step('decide');
export const requestInformationUpdate = step('requestInformation');
export const answerUpdate = step('answer');
export const withdrawUpdate = step('withdraw');

/** The appeal was decided together with another one on the same decision. */
export const decidedTogetherSignal = defineSignal('decidedTogether');

const isId = (value: unknown) => typeof value === 'string' && /^[0-9a-fA-F-]{36}$/.test(value);
const shapes: Readonly<Record<keyof AppealStepInput, (value: unknown) => boolean>> = {
  actorId: isId,
  draftId: isId,
  messageId: isId,
  version: (value) => typeof value === 'number' && Number.isInteger(value),
  requestId: (value) => typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value),
};

/** Shape only, and nothing but what belongs there: what is refused here leaves no trace in the history. */
export function validateStep(input: AppealStepInput, needed: 'actorId' | 'draftId' | 'messageId'): void {
  const fields = typeof input === 'object' && input !== null ? Object.entries(input) : [];
  const fits = fields.every(
    ([name, value]) => Object.hasOwn(shapes, name) && shapes[name as keyof AppealStepInput](value),
  );
  if (!fits || !fields.some(([name]) => name === needed))
    throw ApplicationFailure.nonRetryable('invalid_request', 'invalid_request');
}
