import type { DecisionSubject, DecisionSubjectType } from '../../domain/moderation';
import { shownOffenseStatuses } from '../../domain/offenses';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** What a case or a decision is about, in a line. */
export interface SubjectSummary extends DecisionSubject {
  title: string;
  artist: { id: string; name: string } | null;
  list: { id: string; name: string } | null;
  /** The number of a list's version. */
  number: number | null;
  category: string | null;
  status: string | null;
}

type RawSummary = Omit<SubjectSummary, 'type' | 'artist' | 'list'> &
  Record<'artistId' | 'artistName' | 'listId' | 'listName', string | null>;

const nothing = {
  artist: `null::uuid as "artistId", null::text as "artistName"`,
  list: `null::uuid as "listId", null::text as "listName"`,
};
const artist = `a.id as "artistId", a.name as "artistName"`;
const list = `l.id as "listId", l.name as "listName"`;

/** By type: each query's one value is the ids. */
const summaries: Readonly<Partial<Record<DecisionSubjectType, string>>> = {
  offense: `select s.id, s.title, ${artist}, ${nothing.list}, null::int as number, s.category, s.status
    from offenses s join artists a on a.id = s.artist_id where s.id in ${givenIds}`,
  list: `select l.id, l.name as title, ${nothing.artist}, ${list}, l.latest_version as number, null as category, l.visibility as status
    from community_lists l where l.id in ${givenIds}`,
  list_version: `select s.id, l.name as title, ${nothing.artist}, ${list}, s.number, null as category, s.state as status
    from list_versions s join community_lists l on l.id = s.list_id where s.id in ${givenIds}`,
  list_entry: `select s.id, a.name as title, ${artist}, ${list}, null::int as number, null as category,
      case when s.withdrawn_at is null then 'listed' else 'withdrawn' end as status
    from list_entries s join artists a on a.id = s.artist_id join community_lists l on l.id = s.list_id where s.id in ${givenIds}`,
};

/**
 * Summaries by the ids of their subjects. What is gone is not there, and neither are people; nor, where only what everybody sees is
 * asked for, offenses that are not shown.
 */
export async function subjectSummaries(
  em: EntityManager,
  subjects: readonly DecisionSubject[],
  seen: 'everything' | 'shown' = 'everything',
): Promise<ReadonlyMap<string, SubjectSummary>> {
  const found = new Map<string, SubjectSummary>();
  for (const type of new Set(subjects.map((subject) => subject.type))) {
    const sql = summaries[type];
    if (!sql) continue;
    const ids = subjects.filter((subject) => subject.type === type).map(({ id }) => id);
    for (const { artistId, artistName, listId, listName, ...row } of await em.execute<RawSummary[]>(sql, [
      JSON.stringify(ids),
    ]))
      if (seen === 'everything' || isShown(row.status))
        found.set(row.id, { ...row, type, artist: named(artistId, artistName), list: named(listId, listName) });
  }
  return found;
}

const isShown = (status: string | null) => shownOffenseStatuses.some((shown) => shown === status);

const named = (id: string | null, name: string | null) => (id === null || name === null ? null : { id, name });
