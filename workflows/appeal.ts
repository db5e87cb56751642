import {
  allHandlersFinished,
  ApplicationFailure,
  condition,
  continueAsNew,
  currentUpdateInfo,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { AppealInput, createAppealActivities } from '../activities/appeals';
import type { AppealStep, AppealStepInput } from '../domain/appeals';
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
 * Somebody waits for a step, and a deadline is to be kept: what was lost with its worker is taken over soon. Each finds what an earlier try
 * has done. For about ten minutes, long enough for a database's restart.
 */
const { actOnAppeal, watchAppeal, tellDecidedTogether } = proxyActivities<ReturnType<typeof createAppealActivities>>({
  taskQueue: 'data',
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '20s', maximumAttempts: 35 },
});

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
    const { denied, open, state, version } = await actOnAppeal({ ...input, appealId, step, updateId });
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
    const { open, pauseSeconds } = await watchAppeal({ appealId, jobId });
    if (!open) break;
    const isLong = () => workflowInfo().continueAsNewSuggested;
    await condition(() => closed || told || isLong(), Math.ceil(pauseSeconds * 1000));
    if (closed || !isLong()) continue;
    await condition(allHandlersFinished);
    if (!closed) await continueAsNew<typeof appeal>({ appealId, jobId });
  }
  if (decidedHere) await tellDecidedTogether({ appealId });
  // Whoever comes too late is told so.
  await condition(allHandlersFinished);
}
