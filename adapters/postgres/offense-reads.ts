import type { CaseState } from '../../domain/moderation';
import {
  type OffenseCategory,
  type OffenseSeverity,
  type OffenseStatus,
  shownOffenseStatuses,
} from '../../domain/offenses';
import { momentOf } from './moment-of';
import type { EntityManager } from './orm';

/** Who looks: everybody sees what was verified, people what is their own, staff everything. */
export interface OffenseReader {
  userId: string;
  staff: boolean;
}

/** An entry as it stands. */
export interface StoredOffense {
  id: string;
  submitterId: string | null;
  artistId: string;
  artistName: string;
  category: OffenseCategory;
  severity: OffenseSeverity;
  title: string;
  description: string | null;
  occurredFrom: string | null;
  occurredUntil: string | null;
  status: OffenseStatus;
  /** In the future, or null. */
  restrictedUntil: Date | null;
  /** The state of the case that is open about it. */
  caseState: Exclude<CaseState, 'decided'> | null;
  version: number;
  createdAt: Date;
  decidedAt: Date | null;
}

export interface OffenseFilter {
  /** The id that an artist has now. */
  artistId: string | null;
  category: OffenseCategory | null;
  status: OffenseStatus | null;
  mine: boolean;
  limit: number;
  after: string | null;
}

interface RawOffense {
  id: string;
  user_id: string | null;
  artist_id: string;
  artist_name: string;
  category: OffenseCategory;
  severity: OffenseSeverity;
  title: string;
  description: string | null;
  occurred_from: string | null;
  occurred_until: string | null;
  status: OffenseStatus;
  restricted_until: string | null;
  case_state: StoredOffense['caseState'];
  version: number;
  created_at: string;
  decided_at: string | null;
}

const columns = `o.id, o.user_id, o.artist_id, a.name as artist_name, o.category, o.severity, o.title, o.description,
  o.occurred_from::text as occurred_from, o.occurred_until::text as occurred_until, o.status,
  case when o.restricted_until > now() then o.restricted_until end as restricted_until,
  (select c.state from moderation_cases c where c.subject_type = 'offense' and c.subject_id = o.id and c.state <> 'decided') as case_state,
  o.version, o.created_at, o.decided_at`;

const offenseOf = (row: RawOffense): StoredOffense => ({
  id: row.id,
  submitterId: row.user_id,
  artistId: row.artist_id,
  artistName: row.artist_name,
  category: row.category,
  severity: row.severity,
  title: row.title,
  description: row.description,
  occurredFrom: row.occurred_from,
  occurredUntil: row.occurred_until,
  status: row.status,
  restrictedUntil: momentOf(row.restricted_until),
  caseState: row.case_state,
  version: row.version,
  createdAt: new Date(row.created_at),
  decidedAt: momentOf(row.decided_at),
});

const shown = `o.status in (${shownOffenseStatuses.map((status) => `'${status}'`).join(', ')})`;
/** What a reader sees; its two values are whether they are staff, and who they are. */
const visible = `(${shown} or ?::boolean or o.user_id = ?)`;
/** What counts for everybody now. */
const inEffect = `${shown} and (o.restricted_until is null or o.restricted_until <= now())`;

/** Entries that the reader sees, newest first, after the one named. */
export async function listOffenses(
  em: EntityManager,
  { userId, staff }: OffenseReader,
  { artistId, category, status, mine, limit, after }: OffenseFilter,
): Promise<StoredOffense[]> {
  const rows = await em.execute<RawOffense[]>(
    `select ${columns} from offenses o join artists a on a.id = o.artist_id
     where ${visible} and (?::uuid is null or o.artist_id = ?::uuid) and (?::text is null or o.category = ?)
       and (?::text is null or o.status = ?) and (not ?::boolean or o.user_id = ?) and (?::uuid is null or o.id < ?::uuid)
     order by o.id desc limit ?`,
    [staff, userId, artistId, artistId, category, category, status, status, mine, userId, after, after, limit],
  );
  return rows.map(offenseOf);
}

/** One entry; null where there is none that the reader sees. */
export async function findOffense(
  em: EntityManager,
  { userId, staff }: OffenseReader,
  offenseId: string,
): Promise<StoredOffense | null> {
  const [row] = await em.execute<RawOffense[]>(
    `select ${columns} from offenses o join artists a on a.id = o.artist_id where o.id = ? and ${visible}`,
    [offenseId, staff, userId],
  );
  return row ? offenseOf(row) : null;
}

/** A source as it is kept. */
export interface StoredEvidence {
  id: string;
  submitterId: string | null;
  url: string;
  title: string;
  source: string;
  excerpt: string;
  publishedOn: string | null;
  archivedUrl: string | null;
  retrievedAt: Date;
  hash: string;
  reviewed: boolean;
  createdAt: Date;
}

/** The sources of an entry that the reader sees, in their order: what nobody has looked at is for who added it and for staff. */
export async function evidenceOf(
  em: EntityManager,
  { userId, staff }: OffenseReader,
  offenseId: string,
): Promise<StoredEvidence[]> {
  const rows = await em.execute<
    {
      id: string;
      user_id: string | null;
      url: string;
      title: string;
      source: string;
      excerpt: string;
      published_on: string | null;
      archived_url: string | null;
      retrieved_at: string;
      content_digest: string;
      reviewed: boolean;
      created_at: string;
    }[]
  >(
    `select e.id, e.user_id, e.url, e.title, e.source, e.excerpt, e.published_on::text as published_on, e.archived_url, e.retrieved_at, e.content_digest,
       e.reviewed_at is not null as reviewed, e.created_at
     from offense_evidence e join offenses o on o.id = e.offense_id
     where e.offense_id = ? and (e.reviewed_at is not null or ?::boolean or e.user_id = ? or o.user_id = ?) order by e.id`,
    [offenseId, staff, userId, userId],
  );
  return rows.map((row) => ({
    id: row.id,
    submitterId: row.user_id,
    url: row.url,
    title: row.title,
    source: row.source,
    excerpt: row.excerpt,
    publishedOn: row.published_on,
    archivedUrl: row.archived_url,
    retrievedAt: new Date(row.retrieved_at),
    hash: row.content_digest,
    reviewed: row.reviewed,
    createdAt: new Date(row.created_at),
  }));
}

/** How many entries count now: verified, and verified with an appeal open. */
export interface OffenseCounts {
  verified: number;
  contested: number;
}

const counts = `count(*) filter (where o.status = 'sources_verified')::int as verified, count(*) filter (where o.status = 'contested')::int as contested`;

/** The same of each category that has any. */
export async function countByCategory(em: EntityManager): Promise<ReadonlyMap<string, OffenseCounts>> {
  const rows = await em.execute<(OffenseCounts & { category: string })[]>(
    `select o.category, ${counts} from offenses o where ${inEffect} group by o.category`,
  );
  return new Map(rows.map(({ category, verified, contested }) => [category, { verified, contested }]));
}

/** The same of an artist, by the id that they have now. */
export async function countOfArtist(em: EntityManager, artistId: string): Promise<OffenseCounts> {
  const [row] = await em.execute<OffenseCounts[]>(
    `select ${counts} from offenses o where o.artist_id = ? and ${inEffect}`,
    [artistId],
  );
  return row ?? { verified: 0, contested: 0 };
}
