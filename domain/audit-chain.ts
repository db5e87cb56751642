/** An audit row as it is sealed, every column as text, so that it reads the same at any time and anywhere. */
export interface AuditFacts {
  id: string;
  actorId: string | null;
  event: string;
  outcome: string;
  subjectType: string | null;
  subjectId: string | null;
  /** JSON as PostgreSQL writes it. */
  details: string;
  requestId: string | null;
  /** UTC, to the millisecond. */
  createdAt: string;
}

/** Where a chain of seals stands: what the next seal is made over. */
export interface Link {
  sequence: number;
  mac: string;
}

export const beginning: Link = { sequence: 0, mac: '' };

/** One row's place in the chain. */
export interface Seal extends Link {
  keyId: string;
  entryId: string;
}

/** A seal beside the row it was made for; null where that is no longer there. */
export interface SealedRow {
  seal: Seal;
  entry: AuditFacts | null;
}

/** The code of a text by the key named; null where that key is not at hand. */
export type Mac = (keyId: string, text: string) => string | null;

export const auditFaultKinds = [
  'changed',
  'entry_missing',
  'seal_missing',
  'key_missing',
  'tail_missing',
  'head_differs',
  'head_missing',
  'never_sealed',
  'sealing_late',
] as const;

/** What is wrong first: at which place of the chain, with which row, as far as either can be known. */
export interface AuditFault {
  kind: (typeof auditFaultKinds)[number];
  sequence: number | null;
  entryId: string | null;
}

/** What is sealed of a row: everything it says, its place, and by the code before it all that came before. */
export function sealText(before: Link, { keyId, entryId }: Pick<Seal, 'keyId' | 'entryId'>, entry: AuditFacts | null) {
  const facts = entry && [
    entry.actorId,
    entry.event,
    entry.outcome,
    entry.subjectType,
    entry.subjectId,
    entry.details,
    entry.requestId,
    entry.createdAt,
  ];
  return JSON.stringify(['audit-1', before.mac, before.sequence + 1, keyId, entryId, facts]);
}

/** Whether a row and its seal are those that came after `before`. */
export function rowFault(before: Link, { seal, entry }: SealedRow, mac: Mac): AuditFault | null {
  const { sequence, entryId, keyId } = seal;
  if (sequence !== before.sequence + 1) return { kind: 'seal_missing', sequence: before.sequence + 1, entryId: null };
  if (!entry) return { kind: 'entry_missing', sequence, entryId };
  const expected = mac(keyId, sealText(before, seal, entry));
  if (expected === null) return { kind: 'key_missing', sequence, entryId };
  return expected === seal.mac ? null : { kind: 'changed', sequence, entryId };
}

/**
 * Goes along a part of the chain until something is wrong. `head` is the latest seal as it was kept elsewhere: whoever has cut or
 * made anew what the database holds, has not changed that.
 */
export function followChain(
  from: Link,
  rows: readonly SealedRow[],
  { head, mac }: { head: Link | null; mac: Mac },
): { last: Link; fault: AuditFault | null } {
  let last = from;
  for (const row of rows) {
    const fault = rowFault(last, row, mac);
    if (fault) return { last, fault };
    const { sequence, entryId } = row.seal;
    if (head?.sequence === sequence && head.mac !== row.seal.mac)
      return { last, fault: { kind: 'head_differs', sequence, entryId } };
    last = { sequence, mac: row.seal.mac };
  }
  return { last, fault: null };
}

/** What is wrong where the chain ends, if it must not end there. */
export function endFault(last: Link, head: Link | null): AuditFault | null {
  if (!head) return last.sequence === 0 ? null : { kind: 'head_missing', sequence: last.sequence, entryId: null };
  return head.sequence > last.sequence ? { kind: 'tail_missing', sequence: last.sequence + 1, entryId: null } : null;
}

/** Where sealing goes on. After a cut it is behind the place that was cut off, so that the gap stays for everybody to see. */
export function nextFrom(last: Link, head: Link | null): Link {
  return head && head.sequence > last.sequence ? head : last;
}
