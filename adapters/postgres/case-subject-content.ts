import type { CaseSubjectType } from '../../domain/moderation';
import type { EntityManager } from './orm';

/** A version's or a list's artists that are shown with a case; the others are at the list. */
const mostArtists = 200;

/**
 * What a case is about, in full: what it says and what it says that by, spelled as the API does. Whose it is, is not in it. Null where it
 * is gone.
 */
export async function subjectContent(
  em: EntityManager,
  { subjectType, subjectId }: { subjectType: CaseSubjectType; subjectId: string },
): Promise<Record<string, unknown> | null> {
  const [row] = await em.execute<{ content: Record<string, unknown> }[]>(contents[subjectType], [subjectId]);
  return row?.content ?? null;
}

const utc = (column: string) => `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const entries = (version: string) => `coalesce((select jsonb_agg(e.entry order by e.name, e.id) from (
    select a.name, e.id, jsonb_build_object('entryId', e.id, 'artist', jsonb_build_object('id', a.id, 'name', a.name), 'reason', ve.reason,
      'withdrawn', e.withdrawn_at is not null) as entry
    from list_version_entries ve join list_entries e on e.id = ve.entry_id join artists a on a.id = e.artist_id
    where ve.version_id = ${version} order by a.name, e.id limit ${mostArtists}) e), '[]')`;
const list = `'listId', l.id, 'name', l.name, 'description', l.description, 'criteria', l.criteria, 'visibility', l.visibility, 'askedVisibility', l.asked_visibility`;

/** By type; each query's one value is the subject's id. */
const contents: Readonly<Record<CaseSubjectType, string>> = {
  offense: `select jsonb_build_object('artist', jsonb_build_object('id', a.id, 'name', a.name), 'category', o.category, 'severity', o.severity,
      'title', o.title, 'description', o.description, 'occurredFrom', o.occurred_from, 'occurredUntil', o.occurred_until, 'status', o.status,
      'restrictedUntil', ${utc('o.restricted_until')}, 'version', o.version, 'createdAt', ${utc('o.created_at')},
      'evidence', coalesce((select jsonb_agg(jsonb_build_object('id', e.id, 'url', e.url, 'title', e.title, 'source', e.source,
        'excerpt', e.excerpt, 'publishedOn', e.published_on, 'archivedUrl', e.archived_url, 'retrievedAt', ${utc('e.retrieved_at')},
        'contentDigest', e.content_digest,
        'reviewedAt', ${utc('e.reviewed_at')}) order by e.id) from offense_evidence e where e.offense_id = o.id), '[]')) as content
    from offenses o join artists a on a.id = o.artist_id where o.id = ?`,
  list: `select jsonb_build_object(${list}, 'version', l.version, 'latestVersion', l.latest_version, 'restrictedUntil', ${utc('l.restricted_until')},
      'createdAt', ${utc('l.created_at')}, 'entries', ${entries('v.id')}) as content
    from community_lists l left join list_versions v on v.list_id = l.id and v.number = l.latest_version where l.id = ?`,
  list_version: `select jsonb_build_object(${list}, 'number', v.number, 'state', v.state, 'note', v.note, 'flags', v.flags, 'added', v.added,
      'removed', v.removed, 'createdAt', ${utc('v.created_at')}, 'entryCount', v.entries, 'entries', ${entries('v.id')}) as content
    from list_versions v join community_lists l on l.id = v.list_id where v.id = ?`,
  list_entry: `select jsonb_build_object(${list}, 'artist', jsonb_build_object('id', a.id, 'name', a.name), 'withdrawnAt', ${utc('e.withdrawn_at')},
      'restrictedUntil', ${utc('e.restricted_until')}, 'reason', (select ve.reason from list_version_entries ve
        join list_versions v on v.id = ve.version_id where ve.entry_id = e.id order by v.number desc limit 1)) as content
    from list_entries e join community_lists l on l.id = e.list_id join artists a on a.id = e.artist_id where e.id = ?`,
};
