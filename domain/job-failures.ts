import { healthCodes } from './connection-health';
import { errorCodes, providerFailureClasses } from './errors';

/** Codes that jobs end with beside those that answers and providers' failures have. */
const ownCodes = [
  'terminated',
  'actions_failed',
  'connection_disconnected',
  'needs_reconnect',
  'token_rejected',
] as const;

const known: ReadonlySet<string> = new Set([
  ...Object.keys(errorCodes),
  ...Object.keys(healthCodes),
  ...providerFailureClasses,
  ...ownCodes,
]);

/** A job's failure as a label of a metric: one of a bounded set, whatever an activity failed with. */
export const failureLabel = (code: string): string => (known.has(code) ? code : 'other');
