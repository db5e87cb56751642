import { createReadStream } from 'node:fs';
import { readCsvRecords } from '../../adapters/files/csv-records';
import { type Recording } from '../../domain/linkage/recording';
import { readRecordingRow, type RecordingRow } from '../../domain/linkage/recording-row';

/** A file of recordings from several sources, and which of them are one. */
export interface LinkageFile {
  recordings: Recording[];
  /** Where each is from. */
  sources: string[];
  /** Which recordings really are one: for scoring what was linked, and for nothing else. */
  truth: string[];
}

const columns = [
  'number',
  'title',
  'length',
  'artist',
  'album',
  'year',
  'language',
] as const satisfies readonly (keyof RecordingRow)[];

/**
 * Reads a file with the header of "Music Brainz 20K". `TID`, `CTID` and `id` are not read at all: the ids of its sources are
 * made from one hidden key, so they would give the answer away.
 */
export async function readLinkageFile(path: string): Promise<LinkageFile> {
  const all: string[][] = [];
  for await (const records of readCsvRecords(createReadStream(path))) all.push(...records.map(({ cells }) => cells));
  const [header, ...lines] = all;
  const place = (column: string) => {
    const at = header?.indexOf(column) ?? -1;
    if (at < 0) throw new Error(`The file has no column "${column}".`);
    return at;
  };
  const places = columns.map((column) => [column, place(column)] as const);
  const [source, cluster] = [place('SourceID'), place('CID')];
  return {
    recordings: lines.map((cells) =>
      readRecordingRow(
        Object.fromEntries(places.map(([column, at]) => [column, cells[at] ?? ''])) as unknown as RecordingRow,
      ),
    ),
    sources: lines.map((cells) => cells[source] ?? ''),
    truth: lines.map((cells) => cells[cluster] ?? ''),
  };
}
