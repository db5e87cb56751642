/**
 * Which of PostgreSQL's transactions had ended at a moment, as it writes that itself: `first running:first unknown:running,…`.
 * Those of one server follow each other: what had ended stays ended.
 */
export interface TransactionSnapshot {
  /** No transaction from this number on had ended; the one before it had. */
  end: bigint;
  /** Those before it that were still running. */
  running: ReadonlySet<bigint>;
}

const written = /^\d{1,19}:(\d{1,19}):((?:\d{1,19}(?:,\d{1,19})*)?)$/;

export const isSnapshot = (text: string): boolean => written.test(text);

/** Readers kept a transaction's number before they kept snapshots: everything before that one had ended. Other texts stay as they are. */
export const asSnapshot = (text: string): string => (/^\d{1,19}$/.test(text) ? `${text}:${text}:` : text);

/** Throws on anything else than what PostgreSQL writes. */
export function parseSnapshot(text: string): TransactionSnapshot {
  const parts = written.exec(text);
  if (!parts) throw new Error('This is no snapshot.');
  const [, end = '', running = ''] = parts;
  return { end: BigInt(end), running: new Set(running === '' ? [] : running.split(',').map(BigInt)) };
}

/** Whether all that had ended at the one moment had ended at the other. */
export function coversAll(later: TransactionSnapshot, earlier: TransactionSnapshot): boolean {
  if (later.end < earlier.end) return false;
  return [...later.running].every((running) => running >= earlier.end || earlier.running.has(running));
}
