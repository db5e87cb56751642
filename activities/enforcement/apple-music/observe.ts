import { settle } from '../../../adapters/postgres/journal';
import { loadPartEntries } from '../../../adapters/postgres/library-generations';
import { observePart } from '../../../adapters/postgres/run-observations';
import type { Rating } from '../../../domain/apple-music-rating';
import { ratedItemTypes } from '../../../domain/capabilities';
import { lookUntil } from '../look-again';
import { type AppleMusicRunContext, ratingsOf } from './ratings';

const parts = { rated_song: ['songs', 'likes'], rated_album: ['albums', 'albums'] } as const;

/** The last look at every rating that the run wrote. Playlists are the person's: nothing here has touched them. */
export async function observeRatings(context: AppleMusicRunContext): Promise<void> {
  const enforcing = context.run.runType === 'enforce';
  for (const itemType of ratedItemTypes) {
    const rows = await context.em.execute<{ uri: string; rating: Rating }[]>(
      `select distinct on (a.uri) a.uri, (u.before->>'rating')::int as rating from actions a left join actions u on u.id = a.undoes_id
        where a.run_id = ? and a.item_type = ? and a.status in ('applied', 'undone', 'undo_failed') order by a.uri, a.undoes_id desc`,
      [context.run.id, itemType],
    );
    if (rows.length === 0) continue;
    const expected = new Map(rows.map(({ uri, rating }) => [uri, enforcing ? -1 : rating]));
    const differing = (seen: ReadonlyMap<string, Rating>) =>
      [...expected].filter(([uri, rating]) => (seen.get(uri) ?? null) !== rating).length;
    const seen = await lookUntil(
      context,
      () => ratingsOf(context, [...expected.keys()]),
      (now) => differing(now) === 0,
    );
    const [part, kind] = parts[itemType];
    const { generationId } = context.run;
    const length = generationId ? (await loadPartEntries(context.em, generationId, kind))?.entries.length : undefined;
    const others = Math.max(0, (length ?? expected.size) - (enforcing ? expected.size : 0));
    await settle(context.em, context.run, [], (tx) =>
      observePart(tx, context.run.id, part, {
        expected: others,
        observed: others,
        removed: 0,
        rated: enforcing ? expected.size : 0,
        restored: enforcing ? 0 : expected.size,
        contradicting: differing(seen),
      }),
    );
  }
}
