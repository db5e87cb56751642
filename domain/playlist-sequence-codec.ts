import type { PlaylistSequence, SequenceEntry } from './playlist-entries';

const FORMAT = 1;
const APPROXIMATE = 1;
const STAND_IN = 2;

type Cell = string | number | null;

/**
 * Writes a sequence as compact JSON: `[format, [uri, addedAt, addedBy, ghostOf, flags], …]`, where the empty cells at the
 * end of an entry are left off.
 */
export function encodeSequence(sequence: PlaylistSequence): string {
  return JSON.stringify([FORMAT, ...sequence.map(encodeEntry)]);
}

/** @throws Error when the text is not a sequence in the known format */
export function decodeSequence(text: string): PlaylistSequence {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new Error('A playlist sequence must be JSON.');
  }
  if (!Array.isArray(parsed)) throw new Error('A playlist sequence must be an array.');
  const [format, ...rows] = parsed as unknown[];
  if (format !== FORMAT) throw new Error('The playlist sequence has an unknown format version.');
  return rows.map(decodeEntry);
}

function encodeEntry({ uri, addedAt, addedBy, ghostOf, approximate, standIn }: SequenceEntry): Cell[] {
  const flags = (approximate ? APPROXIMATE : 0) + (standIn ? STAND_IN : 0);
  const cells: Cell[] = [uri, addedAt, addedBy, ghostOf, flags];
  while (cells.length > 0 && (cells.at(-1) === null || cells.at(-1) === 0)) cells.pop();
  return cells;
}

function decodeEntry(row: unknown, index: number): SequenceEntry {
  if (!Array.isArray(row) || row.length > 5)
    throw new Error(`Entry ${index} of the playlist sequence is not an entry.`);
  const [uri = null, addedAt = null, addedBy = null, ghostOf = null, flags = 0] = row as unknown[];
  if (!isCell(uri) || !isCell(addedAt) || !isCell(addedBy) || !isCell(ghostOf) || !isFlags(flags)) {
    throw new Error(`Entry ${index} of the playlist sequence has a cell of the wrong type.`);
  }
  if (ghostOf !== null && uri === null)
    throw new Error(`Entry ${index} of the playlist sequence is a ghost of nothing.`);
  return {
    uri,
    addedAt,
    addedBy,
    ghostOf,
    ...((flags & APPROXIMATE) > 0 ? { approximate: true as const } : {}),
    ...((flags & STAND_IN) > 0 ? { standIn: true as const } : {}),
  };
}

function isCell(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}

function isFlags(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= (APPROXIMATE | STAND_IN);
}
