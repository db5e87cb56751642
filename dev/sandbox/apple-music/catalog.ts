import type { Catalog, CatalogAlbum, CatalogArtist, CatalogTrack } from '../catalog/catalog';
import { stableNumber } from '../catalog/ids';

/** The same catalog under Apple Music's numeric ids, and each thing's id there by its own. */
export interface AppleCatalog {
  songs: Map<string, CatalogTrack>;
  albums: ReadonlyMap<string, CatalogAlbum>;
  artists: ReadonlyMap<string, CatalogArtist>;
  appleIds: ReadonlyMap<string, string>;
}

/** The storefronts that exist here; everything is to be had in each of them. */
export const storefronts = ['us', 'de', 'gb', 'jp'];

const made = new WeakMap<Catalog, AppleCatalog>();

/** The catalog as Apple Music has it; made once for each catalog. */
export function appleCatalogOf(catalog: Catalog): AppleCatalog {
  const present = made.get(catalog);
  if (present) return present;
  const appleIds = new Map<string, string>();
  const fresh: AppleCatalog = {
    songs: numbered('song', catalog.tracks, appleIds),
    albums: numbered('album', catalog.albums, appleIds),
    artists: numbered('artist', catalog.artists, appleIds),
    appleIds,
  };
  made.set(catalog, fresh);
  return fresh;
}

/** Where two things would have one number, the later one takes the next. */
function numbered<T>(kind: string, things: Map<string, T>, appleIds: Map<string, string>): Map<string, T> {
  const byNumber = new Map<string, T>();
  for (const [id, thing] of things) {
    let number = 100_000_000 + stableNumber(`${kind} ${id}`, 1_700_000_000);
    while (byNumber.has(String(number))) number += 1;
    byNumber.set(String(number), thing);
    appleIds.set(id, String(number));
  }
  return byNumber;
}

/** How a song is credited: its main artists, and who is named in the title alone. */
export interface AppleCredit {
  main: CatalogArtist[];
  name: string;
  artistName: string;
}

/**
 * Credits a track as Apple does: guests stand behind "feat." in the name and nowhere else. A third of the tracks of
 * several artists are joint works instead, whose artists are all main ones.
 */
export function creditOf(track: CatalogTrack): AppleCredit {
  const joint = stableNumber(`joint ${track.id}`, 3) === 0;
  const main = joint ? track.artists : track.artists.slice(0, 1);
  const guests = listed(track.artists.slice(main.length));
  return { main, name: guests === '' ? track.name : `${track.name} (feat. ${guests})`, artistName: listed(main) };
}

function listed(artists: CatalogArtist[]): string {
  const names = artists.map(({ name }) => name);
  return names.length < 3 ? names.join(' & ') : `${names.slice(0, -1).join(', ')} & ${names.at(-1)}`;
}
