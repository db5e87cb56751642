import { itemKey } from '../../domain/plan-choices';
import type { PlannedItem } from '../../domain/planned-item';
import { presets, switchesFor } from '../../domain/switches';
import { givenIds } from './erasure';
import { followersAgainst } from './followed-sources';
import { newId } from './ids';
import type { EntityManager } from './orm';

const rowsAStatement = 2_000;

/**
 * Writes the items of a plan, replacing those it had; the order is the planner's. One that was there before keeps its id, and
 * stays ticked off.
 */
export async function storePlanItems(tx: EntityManager, planId: string, items: readonly PlannedItem[]): Promise<void> {
  const before = await tx.execute<
    {
      id: string;
      item_type: PlannedItem['itemType'];
      uri: string;
      playlist_id: string | null;
      done_at: string | null;
    }[]
  >(`delete from plan_items where plan_id = ? returning id, item_type, uri, playlist_id, done_at`, [planId]);
  const kept = new Map(
    before.map((row) => [itemKey({ itemType: row.item_type, uri: row.uri, playlistProviderId: row.playlist_id }), row]),
  );
  for (let from = 0; from < items.length; from += rowsAStatement) {
    const rows = items.slice(from, from + rowsAStatement).map((item, n) => ({
      id: kept.get(itemKey(item))?.id ?? newId(),
      done_at: kept.get(itemKey(item))?.done_at ?? null,
      seq: from + n,
      item_type: item.itemType,
      uri: item.uri,
      playlist_id: item.playlistProviderId,
      playlist_name: item.playlistName,
      positions: item.positions,
      name: item.name,
      artists: item.artists,
      album: item.album,
      url: item.url,
      image_url: item.imageUrl,
      matches: item.matches,
      action_type: item.action,
      losses: item.losses,
      included: item.included,
      needs_review: item.needsReview,
      not_enforceable: item.notEnforceable,
    }));
    await tx.execute(
      `insert into plan_items (id, plan_id, seq, item_type, uri, playlist_id, playlist_name, positions, name, artists, album, url, image_url, matches,
         action_type, losses, included, needs_review, not_enforceable, done_at)
       select id, ?, seq, item_type, uri, playlist_id, playlist_name, positions, name, artists, album, url, image_url, matches,
         action_type, array(select jsonb_array_elements_text(losses)), included, needs_review, not_enforceable, done_at
       from jsonb_to_recordset(?::jsonb) as r(id uuid, seq int, item_type text, uri text, playlist_id text, playlist_name text, positions jsonb, name text,
         artists jsonb, album text, url text, image_url text, matches jsonb, action_type text, losses jsonb, included boolean, needs_review boolean, not_enforceable text, done_at timestamptz)`,
      [planId, JSON.stringify(rows)],
    );
  }
}

const marking = `hashtextextended('plans.marking', 0)`;

/** Whoever marks plans lets nobody read decisions for a new one from then on until the commit: it would not be found here. */
const beginMarking = (tx: EntityManager) => tx.execute(`select pg_advisory_xact_lock_shared(${marking})`);

/**
 * Waits for marks that are under way, and holds nothing afterwards. They may have looked for plans before this one was there, and
 * what they are about is not to be seen yet; those that begin later find it.
 */
export const waitForMarks = (em: EntityManager): Promise<void> =>
  em.fork().transactional(async (tx) => {
    await tx.execute(`select pg_advisory_xact_lock(${marking})`);
  });

/**
 * A plan of the person's that is being made may have read the decisions before this one: it will be stale. Comes first in
 * each of the marks below, so that one that has become ready meanwhile is found by them.
 */
async function noteInMaking(tx: EntityManager, userId: string, reason: string): Promise<void> {
  await beginMarking(tx);
  await tx.execute(
    `update plans set stale_reasons = array_append(stale_reasons, ?) where user_id = ? and status = 'preparing' and not (? = any(stale_reasons))`,
    [reason, userId, reason],
  );
}

/**
 * Turns ready plans of a person stale that would act on an artist whose block was withdrawn. In the transaction of the
 * withdrawal, so that no plan is carried out on a reason that is gone.
 */
export async function markPlansStale(
  tx: EntityManager,
  userId: string,
  artistId: string,
  reason: string,
): Promise<void> {
  await noteInMaking(tx, userId, reason);
  await tx.execute(
    `update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     where user_id = ? and status = 'ready' and exists (select from plan_items i where i.plan_id = p.id and i.included and i.matches @> ?::jsonb)`,
    [reason, userId, JSON.stringify([{ artistId }])],
  );
}

/** The same for many artists at once. */
export async function markPlansOnArtistsStale(
  tx: EntityManager,
  userId: string,
  artistIds: readonly string[],
  reason: string,
): Promise<void> {
  if (artistIds.length === 0) return;
  await noteInMaking(tx, userId, reason);
  await tx.execute(
    `with asked as materialized (select jsonb_array_elements_text(?::jsonb) as id)
     update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     where user_id = ? and status = 'ready' and exists (select from plan_items i, jsonb_array_elements(i.matches) m
       where i.plan_id = p.id and i.included and m->>'artistId' in (select id from asked))`,
    [JSON.stringify(artistIds), reason, userId],
  );
}

/** The same for plans that would act on one of these tracks or albums, or on a track of such an album. */
export async function markPlansOnStale(
  tx: EntityManager,
  userId: string,
  { subjectType, subjectId }: { subjectType: 'track' | 'album'; subjectId: string },
  reason: string,
): Promise<void> {
  const uris =
    subjectType === 'track'
      ? `select uri from tracks where id = ?`
      : `select uri from albums where id = ? union all select uri from tracks where album_id = ?`;
  await noteInMaking(tx, userId, reason);
  await tx.execute(
    `update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     where user_id = ? and status = 'ready' and exists (select from plan_items i where i.plan_id = p.id and i.included and i.uri in (${uris}))`,
    [reason, userId, subjectId, ...(subjectType === 'album' ? [subjectId] : [])],
  );
}

/** The same for many tracks and albums at once, by their provider's URIs. */
export async function markPlansOnUrisStale(
  tx: EntityManager,
  userId: string,
  uris: readonly string[],
  reason: string,
): Promise<void> {
  const asked = JSON.stringify(uris);
  await noteInMaking(tx, userId, reason);
  await tx.execute(
    `with asked as materialized (select distinct jsonb_array_elements_text(?::jsonb) as uri),
       kept as materialized (select uri from asked union select t.uri from asked join albums l using (uri) join tracks t on t.album_id = l.id)
     update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     where user_id = ? and status = 'ready' and exists (select from plan_items i where i.plan_id = p.id and i.included and i.uri in (select uri from kept))`,
    [asked, reason, userId],
  );
}

/** By the person's own switch, else by the preset's. */
const looksAtCredits = `coalesce((switches->>'credits')::boolean, preset in (${presets
  .filter((preset) => switchesFor(preset).credits)
  .map((preset) => `'${preset}'`)
  .join(', ')}))`;

/** In SQL, four times `ids`: who decided anything about one of these artists themselves, or follows what speaks against one. */
export const decidersAbout = (ids: string): string => `select user_id from blocks where artist_id in ${ids}
    union select user_id from exceptions where subject_type = 'artist' and subject_id in ${ids}
    union ${followersAgainst(ids)}`;

/**
 * The same for whoever decided anything about one of these artists, or follows a list or category that did, after whom they are was changed: what is credited to them is
 * not what the plan was made from.
 * @param lookingAtCredits only of plans that look at who wrote and produced a track
 */
export async function markPlansOfDecidersStale(
  tx: EntityManager,
  artistIds: readonly string[],
  reason: string,
  { lookingAtCredits = false } = {},
): Promise<void> {
  const asked = JSON.stringify(artistIds);
  const sql = `user_id in (${decidersAbout(givenIds)})${lookingAtCredits ? ` and ${looksAtCredits}` : ''}`;
  await markChosenStale(tx, { sql, values: [asked, asked, asked, asked] }, reason);
}

/** The same for all plans of these people, or for those at some providers. */
export async function markPlansOfPeopleStale(
  tx: EntityManager,
  userIds: readonly string[],
  reason: string,
  { providers }: { providers: readonly string[] | null },
): Promise<void> {
  const at = `connection_id in (select id from connections where provider in (select jsonb_array_elements_text(?::jsonb)))`;
  const sql = `user_id in ${givenIds}${providers === null ? '' : ` and ${at}`}`;
  const values = [JSON.stringify(userIds), ...(providers === null ? [] : [JSON.stringify(providers)])];
  await markChosenStale(tx, { sql, values }, reason);
}

/** The same for the plans that a condition chooses. */
export async function markChosenStale(
  tx: EntityManager,
  { sql, values }: { sql: string; values: readonly string[] },
  reason: string,
): Promise<void> {
  await beginMarking(tx);
  await tx.execute(
    `update plans set stale_reasons = array_append(stale_reasons, ?) where ${sql} and status = 'preparing' and not (? = any(stale_reasons))`,
    [reason, ...values, reason],
  );
  await tx.execute(
    `with affected as materialized (select id from plans where ${sql} and status = 'ready' order by id for no key update)
     update plans p set status = 'stale', stale_reasons = array_append(stale_reasons, ?), version = version + 1
     from affected where p.id = affected.id and p.status = 'ready'`,
    [...values, reason],
  );
}
