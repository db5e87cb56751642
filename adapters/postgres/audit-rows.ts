import type { AuditFacts, Seal, SealedRow } from '../../domain/audit-chain';

/** The columns of `audit_entries a` as they are sealed. */
export const auditFactColumns = `a.id, a.actor_id as "actorId", a.event, a.outcome, a.subject_type as "subjectType", a.subject_id as "subjectId",
  a.details::text as details, a.request_id as "requestId",
  to_char(a.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as "createdAt"`;

/** A row as the columns above give it; without an id where a join has found none. */
export type RawFacts = { [column in keyof AuditFacts]: AuditFacts[column] | null };

export function factsOf({ id, event, outcome, details, createdAt, ...rest }: RawFacts): AuditFacts | null {
  if (id === null || event === null || outcome === null || details === null || createdAt === null) return null;
  const { actorId, subjectType, subjectId, requestId } = rest;
  return { id, actorId, event, outcome, subjectType, subjectId, details, requestId, createdAt };
}

/** The columns of `audit_seals s`. */
export const sealColumns = `s.sequence::text as sequence, s.entry_id as "entryId", s.key_id as "keyId", s.mac`;

/** A number that outgrows PostgreSQL's `int` comes as text. */
export type RawSeal = { [column in keyof Seal]: string };

export function sealedRowOf({ sequence, entryId, keyId, mac, ...facts }: RawSeal & RawFacts): SealedRow {
  return { seal: { sequence: Number(sequence), entryId, keyId, mac }, entry: factsOf(facts) };
}
