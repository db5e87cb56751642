import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  currentUpdateInfo,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AppealInput } from '../activities/appeals';
import type { AppealStep, AppealStepInput } from '../domain/appeals';
import { data } from './activities';
import {
  answerUpdate,
  claimUpdate,
  decidedTogetherSignal,
  decideUpdate,
  releaseUpdate,
  requestInformationUpdate,
  type StepEnd,
  validateStep,
  withdrawUpdate,
} from './appeal-messages';

/**
 * Sees to it that an appeal is decided: takes what people do with it, and escalates it each time its deadline passes. The rows say
 * where it stands; each step checks rights, state and version there, and is done or denied once however often it is asked for.
 */
export async function appeal({ appealId, jobId }: AppealInput): Promise<void> {
  let closed = false;
  let decidedHere = false;
  let told = false;

  async function take(step: AppealStep, input: AppealStepInput): Promise<StepEnd> {
    const updateId = currentUpdateInfo()?.id ?? '';
    const { denied, open, state, version } = await data.actOnAppeal({ ...input, appealId, step, updateId });
    closed ||= !open;
    decidedHere ||= step === 'decide' && denied === null;
    if (denied) throw ApplicationFailure.nonRetryable(denied, denied);
    return { state, version };
  }
  const byActor = { validator: (input: AppealStepInput) => validateStep(input, 'actorId') };
  const byMessage = { validator: (input: AppealStepInput) => validateStep(input, 'messageId') };
  const byDraft = { validator: (input: AppealStepInput) => validateStep(input, 'draftId') };
  setHandler(claimUpdate, (input) => take('claim', input), byActor);
  setHandler(releaseUpdate, (input) => take('release', input), byActor);
  setHandler(withdrawUpdate, (input) => take('withdraw', input), byActor);
  setHandler(decideUpdate, (input) => take('decide', input), byDraft);
  setHandler(requestInformationUpdate, (input) => take('requestInformation', input), byMessage);
  setHandler(answerUpdate, (input) => take('answer', input), byMessage);
  setHandler(decidedTogetherSignal, () => {
    told = true;
  });

  while (!closed) {
    told = false;
    const { open, pauseSeconds } = await data.watchAppeal({ appealId, jobId });
    if (!open) break;
    const isLong = () => workflowInfo().continueAsNewSuggested;
    await condition(() => closed || told || isLong(), Math.ceil(pauseSeconds * 1000));
    if (closed || !isLong()) continue;
    await condition(allHandlersFinished);
    if (!closed) await continueAsNew<typeof appeal>({ appealId, jobId });
  }
  if (decidedHere) await data.tellDecidedTogether({ appealId });
  // Whoever comes too late is told so.
  await condition(allHandlersFinished);
}
