import { appleCatalogOf } from '../apple-music/catalog';
import { keptAlbum, keptArtist, keptSong, ratingKey, uploadedSong } from '../apple-music/kept';
import type { Catalog, CatalogTrack } from '../catalog/catalog';
import type { AppleAccount, AppleAccounts, AppleSong } from '../state/apple-music';
import { wholeSeconds } from '../state/bookkeeping';
import { applePlaylists } from './apple-playlists';
import { people } from './people';
import { Random } from './random';

const day = 86_400_000;
const firstDay = Date.UTC(2017, 5, 1);
const days = 3100;
const uploads = [
  ['Untitled Jam', 'Basement Tapes', 'Rehearsal 2011'],
  ['Evening Song', 'Choir of Class 4b', 'School Concert'],
  ['Voice memo 17', '', ''],
] as const;

/** The Apple Music accounts that people have before anything happens; the same catalog always gives the same ones. */
export function initialAppleAccounts(catalog: Catalog): AppleAccounts {
  const random = new Random(20170601);
  const pool = favourites(catalog, random);
  return Object.fromEntries(
    people.map(({ id }, place) => {
      const listens = id === 'apple-listener';
      const kept = listens ? pool.slice(0, 320) : pool.slice(place * 20, place * 20 + 30);
      return [id, accountOf(catalog, id, kept, listens, random)];
    }),
  );
}

/** Mostly several tracks of an artist, and many with guests: that is where the hard cases are. */
function favourites(catalog: Catalog, random: Random): CatalogTrack[] {
  const counts = new Map<string, number>();
  const tracks = [...catalog.tracks.values()];
  for (const { artists } of tracks) {
    for (const { id } of artists) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const known = random.shuffle(tracks.filter(({ artists }) => artists.some(({ id }) => (counts.get(id) ?? 0) > 1)));
  const shared = known.filter(({ artists }) => artists.length > 1).slice(0, 50);
  const chosen = new Set(
    random.shuffle([...shared, ...known.filter((track) => !shared.includes(track)).slice(0, 270)]),
  );
  return [...chosen, ...random.shuffle(tracks.filter((track) => !chosen.has(track)))];
}

function accountOf(
  catalog: Catalog,
  userId: string,
  kept: CatalogTrack[],
  listens: boolean,
  random: Random,
): AppleAccount {
  const apple = appleCatalogOf(catalog);
  const date = () => wholeSeconds(firstDay + random.below(days) * day + random.below(86_400) * 1000);
  const songs: AppleSong[] = kept.map((track) => keptSong(catalog, userId, track, date()));
  if (listens) songs.push(...hardSongs(userId, kept, date));
  const albums = [...new Set(kept.map((track) => track.albumId))].slice(0, listens ? 45 : 3).flatMap((id) => {
    const album = catalog.albums.get(id);
    return album ? [keptAlbum(catalog, userId, album, date())] : [];
  });
  const artists = [...new Set(kept.flatMap((track) => track.artists.slice(0, 1)))];
  const account: AppleAccount = {
    storefront: listens ? 'de' : 'us',
    subscribed: true,
    songs: songs.toSorted((a, b) => (nameAndId(a) < nameAndId(b) ? -1 : 1)),
    albums,
    artists: artists.map((artist) => keptArtist(userId, artist, apple)),
    playlists: applePlaylists(userId, listens, songs, kept, date, random),
    ratings: {},
  };
  return listens ? { ...account, ratings: someRatings(account) } : account;
}

const nameAndId = ({ name, id }: AppleSong) => `${name} ${id}`;

/** Uploads, one of them by an artist of the catalog, and songs whose counterpart the catalog has withdrawn. */
function hardSongs(userId: string, kept: CatalogTrack[], date: () => string): AppleSong[] {
  const bootlegs = kept.slice(0, 3).map((track) => {
    return uploadedSong(userId, `${track.name} (live bootleg)`, track.artists[0]?.name ?? '', 'Bootlegs', date());
  });
  const own = uploads.map(([name, artist, album]) => uploadedSong(userId, name, artist, album, date()));
  const gone = kept.slice(3, 6).map((track, place) => ({
    ...uploadedSong(userId, `${track.name} (2009 Edition)`, track.artists[0]?.name ?? '', 'Withdrawn', date()),
    catalogId: String(99_000_001 + place),
  }));
  return [...bootlegs, ...own, ...gone];
}

function someRatings({ songs, albums }: AppleAccount): AppleAccount['ratings'] {
  const rated: [string, 1 | -1][] = [];
  songs.forEach((song, place) => {
    if (place % 25 === 3) rated.push([ratingKey('songs', song), 1]);
    if (place % 40 === 7) rated.push([ratingKey('songs', song), -1]);
  });
  const upload = songs.find((song) => song.catalogId === null);
  if (upload) rated.push([ratingKey('songs', upload), 1]);
  for (const [place, value] of [[2, 1] as const, [5, -1] as const]) {
    const album = albums[place];
    if (album) rated.push([ratingKey('albums', album), value]);
  }
  return Object.fromEntries(rated);
}
