import { type AuditHead, type AuditHeadFile, createHeadFile } from './head-file';
import { createSealKeys, type SealKey, type SealKeys } from './seal-keys';

/** What sealing and checking the audit need from outside of the database. */
export interface Sealing {
  keys: SealKeys;
  head: AuditHeadFile;
  /** Told of each new latest seal once it is kept: a log is one more place that remembers it. */
  onHead?: (head: AuditHead) => void;
}

export function createSealing(
  { keys, headFile }: { keys: readonly SealKey[]; headFile: string },
  onHead?: Sealing['onHead'],
): Sealing {
  return { keys: createSealKeys(keys), head: createHeadFile(headFile), ...(onHead ? { onHead } : {}) };
}
