import { join } from 'node:path';
import type { SealKey } from '../audit-seal/seal-keys';

export interface AuditSettings {
  /** The first one seals, all of them check. */
  keys: readonly SealKey[];
  /** The file that keeps the latest seal. */
  headFile: string;
}

/** Known to everybody: good for seeing how sealing works, and refused in production. */
const developmentKeys: readonly SealKey[] = [{ kid: 'dev-0', key: Buffer.alloc(32, 'a development key') }];

export function auditSettings(environment: {
  AUDIT_KEYS?: readonly SealKey[] | undefined;
  AUDIT_HEAD?: string | undefined;
  DATA_DIR: string;
}): AuditSettings {
  return {
    keys: environment.AUDIT_KEYS ?? developmentKeys,
    headFile: environment.AUDIT_HEAD ?? join(environment.DATA_DIR, 'audit-head.json'),
  };
}
