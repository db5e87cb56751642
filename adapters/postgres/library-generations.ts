import type { PartKind } from './library-content';
import { loadContents } from './library-content';
import { newId } from './ids';
import type { EntityManager } from './orm';
import { markPlansOfOldLibrary } from './plan-staleness';

/** Where a sync goes on: the part being read, and for pages the next offset and what was seen of its length. */
export interface SyncCursor {
  step: 'likes' | 'albums' | 'follows' | 'playlists' | 'contents' | 'publish';
  offset: number;
  total: number | null;
  after: string | null;
  /** How often the part was begun again because it changed while being read. */
  restarts: number;
}

export const firstCursor: SyncCursor = { step: 'likes', offset: 0, total: null, after: null, restarts: 0 };

export interface Part {
  kind: PartKind;
  providerId: string;
  position: number;
  name: string | null;
  ownerId: string | null;
  collaborative: boolean;
  snapshotId: string | null;
  contentId: string | null;
  length: number;
}

/** Whether a part is a playlist of somebody else's, which the person follows. */
export const isFollowed =
  (accountUserId: string) =>
  ({ kind, ownerId }: Pick<Part, 'kind' | 'ownerId'>): boolean =>
    kind === 'playlist' && ownerId !== null && ownerId !== accountUserId;

export interface GenerationState {
  id: string;
  status: 'building' | 'published';
  cursor: SyncCursor;
  providerCalls: number;
}

/** The generation that a job builds; made at the job's first step. */
export async function openGeneration(em: EntityManager, connectionId: string, jobId: string): Promise<GenerationState> {
  await em.execute(
    `insert into library_generations (id, connection_id, job_id, status, cursor)
     select ?, ?, ?, 'building', ?::jsonb where not exists (select from library_generations where job_id = ?)`,
    [newId(), connectionId, jobId, JSON.stringify(firstCursor), jobId],
  );
  const rows = await em.execute<
    { id: string; status: GenerationState['status']; cursor: SyncCursor; provider_calls: number }[]
  >(`select id, status, cursor, provider_calls from library_generations where job_id = ? order by id limit 1`, [jobId]);
  const row = rows[0]!;
  return { id: row.id, status: row.status, cursor: row.cursor, providerCalls: Number(row.provider_calls) };
}

/**
 * Moves the cursor from where the caller knows it to be, and counts the provider calls that led there. False where another
 * execution has moved it.
 */
export async function moveCursor(
  em: EntityManager,
  generationId: string,
  { from, to, calls }: { from: SyncCursor; to: SyncCursor; calls: number },
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update library_generations set cursor = ?::jsonb, provider_calls = provider_calls + ? where id = ? and cursor = ?::jsonb returning id`,
    [JSON.stringify(to), calls, generationId, JSON.stringify(from)],
  );
  return rows.length > 0;
}

/** Keeps one page of a part that is still being read. */
export async function storePage(
  em: EntityManager,
  generationId: string,
  kind: PartKind,
  providerId: string,
  page: number,
  entries: readonly unknown[],
): Promise<void> {
  await em.execute(
    `insert into library_pages (generation_id, kind, provider_id, page, entries) values (?, ?, ?, ?, ?::jsonb)
     on conflict (generation_id, kind, provider_id, page) do update set entries = excluded.entries`,
    [generationId, kind, providerId, page, JSON.stringify(entries)],
  );
}

/** All entries read so far of a part, in order. */
export async function loadPages(
  em: EntityManager,
  generationId: string,
  kind: PartKind,
  providerId: string,
): Promise<unknown[]> {
  const rows = await em.execute<{ page: number; entries: unknown[] }[]>(
    `select page, entries from library_pages where generation_id = ? and kind = ? and provider_id = ? order by page`,
    [generationId, kind, providerId],
  );
  return rows.flatMap((row) => row.entries);
}

/** Forgets the pages of a part: in the transaction that moves the cursor on from them, so that a crash loses none. */
export async function dropPages(em: EntityManager, generationId: string, kind: PartKind): Promise<void> {
  await em.execute(`delete from library_pages where generation_id = ? and kind = ?`, [generationId, kind]);
}

/** Writes one part of a generation, replacing what an earlier attempt wrote. */
export async function storePart(em: EntityManager, generationId: string, part: Part): Promise<void> {
  await storeParts(em, generationId, [part]);
}

export async function storeParts(em: EntityManager, generationId: string, parts: readonly Part[]): Promise<void> {
  await em.execute(
    `insert into library_parts (generation_id, kind, provider_id, position, name, owner_id, collaborative, snapshot_id, content_id, length)
     select ?, kind, provider_id, position, name, owner_id, collaborative, snapshot_id, content_id, length from jsonb_to_recordset(?::jsonb)
       as r(kind text, provider_id text, position int, name text, owner_id text, collaborative boolean, snapshot_id text, content_id uuid, length int)
     on conflict (generation_id, kind, provider_id) do update set position = excluded.position, name = excluded.name, owner_id = excluded.owner_id,
       collaborative = excluded.collaborative, snapshot_id = excluded.snapshot_id, content_id = excluded.content_id, length = excluded.length`,
    [
      generationId,
      JSON.stringify(
        parts.map((part) => ({
          kind: part.kind,
          provider_id: part.providerId,
          position: part.position,
          name: part.name,
          owner_id: part.ownerId,
          collaborative: part.collaborative,
          snapshot_id: part.snapshotId,
          content_id: part.contentId,
          length: part.length,
        })),
      ),
    ],
  );
}

/** The parts of a generation in the provider's order: all, those of a kind, or one. */
export async function loadParts(
  em: EntityManager,
  generationId: string,
  kind: PartKind | null = null,
  providerId: string | null = null,
): Promise<Part[]> {
  const rows = await em.execute<
    {
      kind: PartKind;
      provider_id: string;
      position: number;
      name: string | null;
      owner_id: string | null;
      collaborative: boolean;
      snapshot_id: string | null;
      content_id: string | null;
      length: number;
    }[]
  >(
    `select * from library_parts where generation_id = ? and (?::text is null or kind = ?) and (?::text is null or provider_id = ?) order by kind, position, provider_id`,
    [generationId, kind, kind, providerId, providerId],
  );
  return rows.map((row) => ({
    kind: row.kind,
    providerId: row.provider_id,
    position: row.position,
    name: row.name,
    ownerId: row.owner_id,
    collaborative: row.collaborative,
    snapshotId: row.snapshot_id,
    contentId: row.content_id,
    length: row.length,
  }));
}

/** Forgets the parts of a kind that are to be listed again. */
export async function dropParts(em: EntityManager, generationId: string, kind: PartKind): Promise<void> {
  await em.execute(`delete from library_parts where generation_id = ? and kind = ?`, [generationId, kind]);
}

/** The published generation that a connection shows now, if any. */
export async function publishedGeneration(em: EntityManager, connectionId: string): Promise<string | null> {
  const rows = await em.execute<{ generation_id: string | null }[]>(
    `select generation_id from connections where id = ?`,
    [connectionId],
  );
  return rows[0]?.generation_id ?? null;
}

/** The entries of one part of a generation; null where it has none. */
export async function loadPartEntries<T>(
  em: EntityManager,
  generationId: string,
  kind: PartKind,
  providerId = '',
): Promise<{ part: Part; entries: T[] } | null> {
  const [part] = await loadParts(em, generationId, kind, providerId);
  if (!part?.contentId) return null;
  const contents = await loadContents(em, [part.contentId]);
  return { part, entries: (contents.get(part.contentId) ?? []) as T[] };
}

/**
 * Makes a complete generation the one that everybody sees, in one transaction, turns plans stale that were made from a library
 * which was different, and drops what nothing refers to any more: generations other than this, those that ready plans or unfinished runs were made from, files
 * of plans that may still be carried out or have been, whose runs may be tried again, and contents without a part.
 * False, and nothing done, where the job of this generation has ended or no longer has the connection's lease: a newer one may be there.
 */
export async function publishGeneration(
  em: EntityManager,
  connectionId: string,
  generationId: string,
): Promise<boolean> {
  return em.fork().transactional(async (tx) => {
    const holding = await tx.execute<{ id: string }[]>(
      `select c.id from connections c where c.id = ? and c.disconnecting_since is null and c.sync_job_id = (select job_id from library_generations where id = ?)
         and not exists (select from jobs j where j.id = c.sync_job_id and j.finished_at is not null) for no key update of c`,
      [connectionId, generationId],
    );
    if (holding.length === 0) return false;
    await tx.execute(`delete from library_pages where generation_id = ?`, [generationId]);
    await tx.execute(
      `update library_generations set status = 'published', published_at = now(), counts = (
         select jsonb_object_agg(kind, total) from (select kind, sum(case when kind = 'playlist' then 1 else length end) as total
           from library_parts where generation_id = ? group by kind) as t) where id = ?`,
      [generationId, generationId],
    );
    await tx.execute(
      `update connections set generation_id = ?, last_synced_at = now(), version = version + 1 where id = ?`,
      [generationId, connectionId],
    );
    await markPlansOfOldLibrary(tx, connectionId);
    await tx.execute(
      `delete from library_generations g where connection_id = ? and id <> ? and (status = 'published' or started_at < now() - interval '1 day')
         and not exists (select from plans p left join runs r on r.plan_id = p.id where p.generation_id = g.id
           and (p.status in ('preparing', 'ready', 'stale') and p.expires_at > now() or r.id is not null and r.finished_at is null))
         and not exists (select from plans p where p.file_generation_id = g.id and (p.expires_at > now() or p.run_id is not null))`,
      [connectionId, generationId],
    );
    await tx.execute(
      `delete from library_contents c where connection_id = ? and created_at < now() - interval '1 hour' and not exists (select from library_parts p where p.content_id = c.id)`,
      [connectionId],
    );
    return true;
  });
}
