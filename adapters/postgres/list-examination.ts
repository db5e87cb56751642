import type { ListedArtist } from '../../domain/list-proposals';
import { examineList, type ExaminedList, type Finding } from '../../domain/list-rules';
import { knownArtists } from './artist-search';
import { type CurrentId, currentArtistIds } from './current-artists';
import { givenIds } from './erasure';
import { countingArtists } from './list-versions';
import type { EntityManager } from './orm';

/**
 * What the rules say of a list, with its artists by their present ids. `listId` is null for one that is not there yet; `current` comes
 * from whoever holds merges off.
 */
export async function examine(
  em: EntityManager,
  listId: string | null,
  list: ExaminedList,
  current?: CurrentId,
): Promise<{ findings: Finding[]; entries: ListedArtist[] }> {
  const given = list.entries.map(({ artistId }) => artistId);
  const meant = current ?? (await currentArtistIds(em, given));
  const entries = list.entries.map(({ artistId, reason }) => ({ artistId: meant(artistId), reason }));
  const ids = [...new Set(entries.map(({ artistId }) => artistId))];
  const counting = new Set(listId === null ? [] : await countingArtists(em, listId));
  const findings = examineList(
    { ...list, entries },
    {
      known: new Set(await knownArtists(em, ids)),
      withdrawn: new Set(listId === null ? [] : await withdrawnArtists(em, listId, ids)),
      undecided: new Set(await artistsUnderExamination(em, ids)),
      added: ids.filter((id) => !counting.has(id)).length,
    },
  );
  return { findings, entries };
}

/** Whom moderation took off a list, and who has not stayed on it by another entry either. */
async function withdrawnArtists(em: EntityManager, listId: string, ids: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select artist_id from list_entries where list_id = ? and artist_id in ${givenIds} group by artist_id having bool_and(withdrawn_at is not null)`,
    [listId, JSON.stringify(ids)],
  );
  return rows.map(({ artist_id: id }) => id);
}

/** Of whom an offense is yet to be decided about, or is contested. */
async function artistsUnderExamination(em: EntityManager, ids: readonly string[]): Promise<string[]> {
  const rows = await em.execute<{ artist_id: string }[]>(
    `select distinct artist_id from offenses where artist_id in ${givenIds} and status in ('pending', 'contested')`,
    [JSON.stringify(ids)],
  );
  return rows.map(({ artist_id: id }) => id);
}
