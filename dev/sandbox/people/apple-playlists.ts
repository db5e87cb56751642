import { libraryId } from '../apple-music/kept';
import type { CatalogTrack } from '../catalog/catalog';
import type { ApplePlaylist, AppleSong } from '../state/apple-music';
import type { Random } from './random';

/**
 * The playlists of an account. The Apple Music listener has a dozen: one longer than a page, one empty, one that Apple
 * keeps up and nobody can edit, songs twice on a list, uploads, and songs with guests.
 */
export function applePlaylists(
  userId: string,
  listens: boolean,
  songs: readonly AppleSong[],
  kept: readonly CatalogTrack[],
  date: () => string,
  random: Random,
): ApplePlaylist[] {
  const list = (name: string, items: readonly AppleSong[], canEdit = true): ApplePlaylist => ({
    id: libraryId('p', userId, name),
    name,
    description: '',
    canEdit,
    addedAt: date(),
    items,
  });
  const some = (count: number) => random.pick(songs, count);
  if (!listens) return [list('Favourites', some(12))];
  const shared = songs.filter((_, place) => (kept[place]?.artists.length ?? 1) > 1);
  const uploads = songs.filter((song) => song.catalogId === null);
  const twice = some(9);
  return [
    list('Breakfast', some(24)),
    list('Cycling', some(41)),
    list('Everything for the journey', some(180)),
    list('With friends on the record', shared),
    list('Twice as good', [...twice, ...twice]),
    list('My own recordings', uploads),
    list('For the train', []),
    list('Concentration', some(60)),
    list('Dinner', [...some(30), ...shared.slice(0, 4)]),
    list('Rainy days', some(22)),
    list('Old favourites', some(55)),
    list('New Music Daily', some(35), false),
  ];
}
