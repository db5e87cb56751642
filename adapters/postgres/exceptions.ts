import { heldArtistId } from './current-artists';
import { newId } from './ids';
import type { EntityManager } from './orm';

export const exceptionSubjects = ['artist', 'track', 'album'] as const;
export type ExceptionSubject = (typeof exceptionSubjects)[number];

const tableOf: Readonly<Record<ExceptionSubject, string>> = { artist: 'artists', track: 'tracks', album: 'albums' };

/** What a person keeps although something blocks it; `name` is the catalog's. */
export interface ExceptionRow {
  id: string;
  subjectType: ExceptionSubject;
  subjectId: string;
  name: string;
  createdAt: Date;
}

/** A person's exceptions, newest first, after the one named. */
export async function listExceptions(
  em: EntityManager,
  page: { userId: string; subjectType: ExceptionSubject | null; limit: number; after: string | null },
): Promise<ExceptionRow[]> {
  const rows = await em.execute<
    { id: string; subject_type: ExceptionSubject; subject_id: string; name: string | null; created_at: string }[]
  >(
    `select e.id, e.subject_type, e.subject_id, e.created_at, coalesce(a.name, t.name, l.name) as name from exceptions e
       left join artists a on e.subject_type = 'artist' and a.id = e.subject_id
       left join tracks t on e.subject_type = 'track' and t.id = e.subject_id
       left join albums l on e.subject_type = 'album' and l.id = e.subject_id
     where e.user_id = ? and (?::text is null or e.subject_type = ?) and (?::uuid is null or e.id < ?::uuid)
     order by e.id desc limit ?`,
    [page.userId, page.subjectType, page.subjectType, page.after, page.after, page.limit],
  );
  return rows.map((row) => ({
    id: row.id,
    subjectType: row.subject_type,
    subjectId: row.subject_id,
    name: row.name ?? '',
    createdAt: new Date(row.created_at),
  }));
}

/**
 * Keeps something, as of now: one that was kept before is kept anew, since the later of a block and an exception holds. False,
 * and nothing done, where the catalog does not have it.
 */
export async function saveException(
  tx: EntityManager,
  { userId, subjectType, subjectId }: { userId: string; subjectType: ExceptionSubject; subjectId: string },
): Promise<boolean> {
  const current = subjectType === 'artist' ? await heldArtistId(tx, subjectId) : subjectId;
  const known = await tx.execute<{ id: string }[]>(`select id from ${tableOf[subjectType]} where id = ?`, [current]);
  if (known.length === 0) return false;
  await tx.execute(
    `insert into exceptions (id, user_id, subject_type, subject_id) values (?, ?, ?, ?)
     on conflict (user_id, subject_type, subject_id) do update set created_at = now()`,
    [newId(), userId, subjectType, subjectId],
  );
  return true;
}

/**
 * Keeps all tracks and albums among these, by their provider's URIs, as of now. What the catalog does not have, and what is
 * neither, is passed over. Returns how many are kept.
 */
export async function keepByUris(tx: EntityManager, userId: string, uris: readonly string[]): Promise<number> {
  const asked = JSON.stringify(uris);
  const known = await tx.execute<{ subject_type: ExceptionSubject; subject_id: string }[]>(
    `with asked as materialized (select distinct jsonb_array_elements_text(?::jsonb) as uri)
     select 'track' as subject_type, t.id as subject_id from asked join tracks t using (uri)
     union all select 'album', l.id from asked join albums l using (uri) order by 2`,
    [asked],
  );
  const rows = known.map((row) => ({ id: newId(), ...row }));
  await tx.execute(
    `insert into exceptions (id, user_id, subject_type, subject_id)
     select r.id, ?, r.subject_type, r.subject_id from jsonb_to_recordset(?::jsonb) as r(id uuid, subject_type text, subject_id uuid)
     on conflict (user_id, subject_type, subject_id) do update set created_at = now()`,
    [userId, JSON.stringify(rows)],
  );
  return rows.length;
}

/** False where there was none. */
export async function deleteException(
  tx: EntityManager,
  { userId, subjectType, subjectId }: { userId: string; subjectType: ExceptionSubject; subjectId: string },
): Promise<boolean> {
  const current = subjectType === 'artist' ? await heldArtistId(tx, subjectId) : subjectId;
  const gone = await tx.execute<{ id: string }[]>(
    `delete from exceptions where user_id = ? and subject_type = ? and subject_id = ? returning id`,
    [userId, subjectType, current],
  );
  return gone.length > 0;
}
