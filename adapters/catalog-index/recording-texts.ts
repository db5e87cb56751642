import { recordingOf } from '../../domain/linkage/recording';
import { nameVector } from '../../domain/linkage/name-vector';
import { factsOf } from '../../domain/linkage/sourced-recording';
import { recordingTable, recordingTableRow } from '../lancedb/recordings';
import { catalogSize } from '../postgres/graph-rows';
import { sourcedIdsAfter, sourcedRecordings } from '../postgres/sourced-recordings';
import type { IndexedTable } from './indexed-table';

/** Tracks and imported recordings by their titles, performers and albums, as they were when they last changed themselves. */
export const recordingTexts: IndexedTable = {
  definition: recordingTable,
  kinds: ['track', 'recording'],
  batch: 1_000,
  owners: sourcedIdsAfter,
  async rows(em, owners) {
    const found = await sourcedRecordings(em, owners);
    return [...found.values()].flatMap((sourced) => {
      const recording = recordingOf(factsOf(sourced));
      const row = recordingTableRow(sourced.id, recording);
      // What has no text stands by its id alone, so that there are as many rows as there should be.
      const vector = row ? null : nameVector(sourced.id);
      return row ?? (vector ? { id: sourced.id, vector, number: '', seconds: recording.seconds } : []);
    });
  },
  async count(em) {
    const owners = await catalogSize(em, ['track', 'recording']);
    return { owners, rows: owners };
  },
};
