import {
  ApplicationFailure,
  DefaultFailureConverter,
  type PayloadConverter,
  type ProtoFailure,
} from '@temporalio/common';

/** What a code or class may look like; anything else is cut down to `internal_error`. */
const codePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,60}$/;

/**
 * Keeps histories readable by everybody who runs the system: a failure that is written holds its type (a code of ours) and
 * whether to retry, never a message, a stack, details or what caused it. Loaded by workers, clients and the workflow bundle alike.
 */
export class CodesOnlyFailureConverter extends DefaultFailureConverter {
  override errorToFailure(error: unknown, payloadConverter: PayloadConverter): ProtoFailure {
    return stripped(super.errorToFailure(cast(error), payloadConverter));
  }
}

/** Our own errors carry their code in a field; as a failure's type it survives the stripping. */
function cast(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code, failure } = error as Error & { code?: unknown; failure?: unknown };
  if (error.name === 'DomainError' && typeof code === 'string')
    return ApplicationFailure.create({ type: code, message: code, nonRetryable: true });
  if (error.name === 'ProviderError' && typeof failure === 'string')
    return ApplicationFailure.create({ type: failure, message: failure });
  return error;
}

function stripped(failure: ProtoFailure): ProtoFailure {
  const application = failure.applicationFailureInfo;
  const type = application?.type && codePattern.test(application.type) ? application.type : 'internal_error';
  return {
    ...failure,
    message: application ? type : kindOf(failure),
    stackTrace: '',
    encodedAttributes: undefined,
    cause: failure.cause ? stripped(failure.cause) : undefined,
    ...(application ? { applicationFailureInfo: { ...application, type, details: undefined } } : {}),
    ...(failure.canceledFailureInfo ? { canceledFailureInfo: {} } : {}),
    ...(failure.timeoutFailureInfo
      ? { timeoutFailureInfo: { timeoutType: failure.timeoutFailureInfo.timeoutType } }
      : {}),
  };
}

/** What a failure that was read from Temporal came of, whoever wrote it: a code, or the kind of its end. */
export function codeOfFailure(failure: ProtoFailure): string {
  const { message } = stripped(failure);
  return message ?? 'failure';
}

function kindOf(failure: ProtoFailure): string {
  if (failure.activityFailureInfo) return 'activity_failed';
  if (failure.childWorkflowExecutionFailureInfo) return 'child_workflow_failed';
  if (failure.timeoutFailureInfo) return 'timeout';
  if (failure.canceledFailureInfo) return 'cancelled';
  if (failure.terminatedFailureInfo) return 'terminated';
  return 'failure';
}

export const failureConverter = new CodesOnlyFailureConverter();
