import { createSealing } from '../../adapters/audit-seal/sealing';
import { auditSettings } from '../../adapters/environment/audit-settings';
import { configSchema } from '../../adapters/environment/variables';
import { runningEnvironment } from '../../adapters/environment/running-environment';
import { type AuditCheck, checkAudit } from '../../adapters/postgres/audit-check';
import { openOrm } from '../../adapters/postgres/orm';
import type { AuditFault } from '../../domain/audit-chain';

/**
 * `npm run audit:verify`: follows the audit's chain of seals to its end, on the database of a running `npm start` or the one that
 * DATABASE_URL names, with AUDIT_KEYS and AUDIT_HEAD. Ends with 0 where everything is as it was written, with 1 and the first row
 * that is not, and with 2 where it could not be looked.
 */
const settings = configSchema.pick({ DATABASE_URL: true, AUDIT_KEYS: true, AUDIT_HEAD: true, DATA_DIR: true });

/** Rows between two lines about the progress. */
const page = 200_000;

async function main(): Promise<number> {
  const present = Object.entries(runningEnvironment(process.env)).filter(([, value]) => value);
  const config = settings.safeParse(Object.fromEntries(present));
  if (!config.success) {
    process.stderr.write('DATABASE_URL, AUDIT_KEYS, AUDIT_HEAD or DATA_DIR is not valid.\n');
    return 2;
  }
  const sealing = createSealing(auditSettings(config.data));
  const orm = await openOrm(config.data.DATABASE_URL, { max: 1 });
  try {
    let checked = 0;
    for (let after = 0; ;) {
      const check = await checkAudit(orm.em.fork(), sealing, { after, most: page });
      checked += check.checked;
      if (check.fault) {
        process.stdout.write(`NOT INTACT: ${describe(check.fault)}. ${upTo(check)}\n`);
        return 1;
      }
      if (check.complete) {
        process.stdout.write(`Intact: ${upTo(check)}${waiting(check)}\n`);
        return 0;
      }
      process.stderr.write(`${checked} rows …\n`);
      after = check.upTo;
    }
  } finally {
    await orm.close(true);
  }
}

function describe({ kind, sequence, entryId }: AuditFault): string {
  const row =
    entryId === null ? `row ${sequence ?? '?'}` : sequence === null ? `row ${entryId}` : `row ${sequence} (${entryId})`;
  switch (kind) {
    case 'changed':
      return `${row} or its seal was changed`;
    case 'entry_missing':
      return `${row} is missing`;
    case 'seal_missing':
      return `${row} is missing in the chain`;
    case 'tail_missing':
      return `${row} and all after it were cut off`;
    case 'head_differs':
      return `${row} does not have the seal that was kept outside of the database`;
    case 'head_missing':
      return `the latest seal is not kept outside of the database, so that nobody can tell whether rows after ${sequence} were cut off`;
    case 'key_missing':
      return `${row} was sealed by a key that is not in AUDIT_KEYS`;
    case 'never_sealed':
      return `${row} was put in past the application`;
    case 'sealing_late':
      return 'rows have waited too long for their seals: is a worker running?';
  }
}

const upTo = ({ upTo: rows, sealedSince }: AuditCheck) =>
  rows === 0
    ? 'No row is sealed yet.'
    : `Rows 1 to ${rows} are as they were sealed${sealedSince ? `, since ${sealedSince.toISOString()}` : ''}.`;
const waiting = ({ unsealed: { count } }: AuditCheck) => (count === 0 ? '' : ` ${count} wait for their seals.`);

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    const { code } = error as { code?: unknown };
    process.stderr.write(
      `The audit could not be looked at (${typeof code === 'string' ? code : error instanceof Error ? error.name : 'unknown failure'}).\n`,
    );
    process.exitCode = 2;
  },
);
