import type { Occurrence } from './choose-artists';
import type { LibraryItem } from './contract';
import type { Person } from './person';

/** Everything in a synced library that a run may touch: likes, albums, follows, and the person's own playlists. */
export async function readOccurrences(person: Person, connectionId: string): Promise<Occurrence[]> {
  const list = (query: string) => person.all<LibraryItem>(`connections/${connectionId}/library?kind=${query}`);
  const as = (kind: Occurrence['kind'], items: LibraryItem[]): Occurrence[] =>
    items.map(({ artists }) => ({ kind, artists }));
  const occurrences = [
    ...as('like', await list('likes')),
    ...as('album', await list('albums')),
    ...as('follow', await list('follows')),
  ];
  for (const { playlist } of await list('playlists')) {
    if (!playlist || !playlist.own || !playlist.readable) continue;
    occurrences.push(...as('playlist', await list(`playlist_items&playlistId=${encodeURIComponent(playlist.id)}`)));
  }
  return occurrences;
}
