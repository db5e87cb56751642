import type { EntityManager } from '../../adapters/postgres/orm';
import { lossesOfDatedLikes, minuteOf } from '../../domain/like-order';
import type { SavedItem } from '../../domain/library';
import type { Loss } from '../../domain/reversibility';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { partBefore } from './undone-part';

const pageSize = 50;

/** What the likes that a run put back have lost, by action, as reading them back shows. */
export async function lossesOfRestoredLikes(context: RunContext): Promise<Map<string, Loss[]>> {
  const actions = await context.em.execute<{ id: string; uri: string; added_at: string | null }[]>(
    `select a.id, a.uri, coalesce(a.before, u.before)->>'addedAt' as added_at from actions a left join actions u on u.id = a.undoes_id
     where a.run_id = ? and a.action_type = 'relike_track' and a.status = 'applied' order by a.seq`,
    [context.run.id],
  );
  const restored = actions.map(({ uri, added_at: addedAt }): SavedItem => ({ uri, addedAt }));
  if (restored.length === 0) return new Map();
  // A file's likes and those of now have their dates alone in common.
  const known = context.run.runType === 'restore' ? null : await partBefore(context, 'liked_track');
  const before = (known ?? []).map(([uri]) => uri);
  const losses = await lookUntil(
    context,
    async () => lossesOfDatedLikes(restored, await readAround(context, restored), before),
    (found) => [...found.values()].every((list) => list.length === 0),
  );
  return new Map(actions.map(({ id, uri }) => [id, losses.get(uri) ?? []]));
}

/** Says of each action what it lost, in the place of what was said before. */
export async function correctLosses(
  tx: EntityManager,
  runId: string,
  losses: ReadonlyMap<string, readonly Loss[]>,
): Promise<void> {
  if (losses.size === 0) return;
  await tx.execute(
    `update actions a set losses = array(select jsonb_array_elements_text(r.losses)), updated_at = now()
     from jsonb_to_recordset(?::jsonb) as r(id uuid, losses jsonb) where a.id = r.id and a.run_id = ?`,
    [JSON.stringify([...losses].map(([id, list]) => ({ id, losses: list }))), runId],
  );
}

/** Reads the pages of the likes, newest first, on which those of the given dates can stand, and no others. */
async function readAround(context: RunContext, wanted: readonly SavedItem[]): Promise<SavedItem[]> {
  const pages = new Map<number, SavedItem[]>();
  const read = async (page: number): Promise<{ items: SavedItem[]; last: number }> => {
    const { items, total } = await context.session.call((spotify, auth) =>
      spotify.likedTracks(auth, { offset: page * pageSize, limit: pageSize }),
    );
    const likes = items.map(({ track, addedAt }): SavedItem => ({ uri: track.uri, addedAt }));
    pages.set(page, likes);
    return { items: likes, last: Math.max(0, Math.ceil(total / pageSize) - 1) };
  };
  const visit = async (minutes: readonly number[], from: number, to: number): Promise<void> => {
    if (minutes.length === 0 || from > to) return;
    const middle = Math.floor((from + to) / 2);
    const items = pages.get(middle) ?? (await read(middle)).items;
    const [top, bottom] = [minuteOf(items[0]?.addedAt ?? null), minuteOf(items.at(-1)?.addedAt ?? null)];
    // Of one minute there may be more on the pages beside.
    const above = minutes.filter((minute) => top === null || minute >= top);
    const below = minutes.filter((minute) => bottom === null || minute <= bottom);
    await Promise.all([visit(above, from, middle - 1), visit(below, middle + 1, to)]);
  };
  const minutes = [...new Set(wanted.flatMap(({ addedAt }) => minuteOf(addedAt) ?? []))];
  const { last } = await read(0);
  await visit(minutes, 0, last);
  return [...pages].sort(([one], [other]) => one - other).flatMap(([, items]) => items);
}
