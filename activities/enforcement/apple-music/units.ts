import type { OpenAction } from '../../../adapters/postgres/journal';
import { inBatches, RATING_BATCH } from '../../../domain/batches';
import { ratedItemTypes } from '../../../domain/capabilities';
import type { Unit } from '../units';
import { copyPlaylist } from './copy-playlist';
import { dislikeBatch } from './dislike';
import type { AppleMusicRunContext } from './ratings';
import { newestLast, rerateBatch } from './rerate';

/** Cuts open actions into units. What two runs did to one thing is undone in order, so a rollback's batches follow one another. */
export function appleMusicUnits(context: AppleMusicRunContext, actions: readonly OpenAction[]): Unit[] {
  const copies = actions.filter((action) => action.itemType === 'playlist_copy');
  const ratings = ratedItemTypes.flatMap((itemType) => {
    const own = actions.filter((action) => action.itemType === itemType);
    if (context.run.runType === 'enforce')
      return inBatches(own, RATING_BATCH).map(
        (batch): Unit =>
          () =>
            dislikeBatch(context, batch),
      );
    const inOrder: Unit = async () => {
      for (const batch of inBatches(newestLast(own).reverse(), RATING_BATCH)) {
        if (context.stopping()) return;
        await rerateBatch(context, batch);
      }
    };
    return own.length > 0 ? [inOrder] : [];
  });
  return [
    ...ratings,
    ...copies.map(
      (action): Unit =>
        () =>
          copyPlaylist(context, action),
    ),
  ];
}
