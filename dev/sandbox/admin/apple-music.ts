import { z } from 'zod';
import { appleCatalogOf, creditOf } from '../apple-music/catalog';
import { libraryId, uploadedSong } from '../apple-music/kept';
import { ratingKeyOf } from '../apple-music/ratings';
import type { World } from '../conduct/world';
import type { AppleAccount, AppleSong } from '../state/apple-music';
import { wholeSeconds } from '../state/bookkeeping';
import { AdminError } from './admin-error';

const text = z.string();
const time = text.refine((value) => !Number.isNaN(Date.parse(value)), 'not a time').default(() => wholeSeconds());
const catalogId = text.min(1).nullable().default(null);
const song = z.object({
  id: text.min(1).optional(),
  catalogId,
  name: text.optional(),
  artistName: text.optional(),
  albumName: text.optional(),
  addedAt: time,
});

/**
 * An Apple Music library as the admin routes give and take it. A song or album that names its catalog id may leave the
 * rest out; the catalog's own ids are taken there as well. One without a catalog id is an upload. A rating goes by the id
 * of the catalog or of the library, as `type` says.
 */
export const appleLibrarySchema = z.object({
  songs: z.array(song).default([]),
  albums: z
    .array(
      z.object({
        id: text.min(1).optional(),
        catalogId,
        name: text.optional(),
        artistName: text.optional(),
        addedAt: time,
      }),
    )
    .default([]),
  artists: z.array(z.object({ id: text.min(1).optional(), catalogId, name: text.optional() })).default([]),
  playlists: z
    .array(
      z.object({
        id: text.min(1).optional(),
        name: text.min(1),
        description: text.default(''),
        canEdit: z.boolean().default(true),
        addedAt: time,
        items: z.array(song).default([]),
      }),
    )
    .default([]),
  ratings: z
    .array(
      z.object({
        type: z.enum(['songs', 'albums', 'library-songs', 'library-albums']),
        id: text.min(1),
        value: z.union([z.literal(1), z.literal(-1)]),
      }),
    )
    .default([]),
});

export type AdminAppleLibrary = z.infer<typeof appleLibrarySchema>;

/** A person's library as it really is, whatever reads show at the moment. */
export function showAppleLibrary(world: World, userId: string): AdminAppleLibrary {
  const { songs, albums, artists, playlists, ratings } = accountOf(world, userId);
  return {
    songs: [...songs],
    albums: [...albums],
    artists: [...artists],
    playlists: playlists.map((playlist) => ({ ...playlist, items: [...playlist.items] })),
    ratings: Object.entries(ratings).map(([key, value]) => {
      const [type = '', id = ''] = key.split('/');
      return { type: type as AdminAppleLibrary['ratings'][number]['type'], id, value };
    }),
  };
}

/** Puts a library in the place of a person's present one. */
export function replaceAppleLibrary(world: World, userId: string, wanted: AdminAppleLibrary): void {
  const songOf = (given: z.infer<typeof song>) => filledSong(world, userId, given);
  const { albums, artists } = appleCatalogOf(world.catalog);
  const next: AppleAccount = {
    ...accountOf(world, userId),
    songs: wanted.songs.map(songOf),
    albums: wanted.albums.map((given) => {
      const id = appleIdOf(world, given.catalogId);
      const known = id === null ? undefined : albums.get(id);
      return {
        id: given.id ?? libraryId('l', userId, known?.id ?? given.name ?? ''),
        catalogId: id,
        name: given.name ?? known?.name ?? '',
        artistName: given.artistName ?? known?.artists.map(({ name }) => name).join(' & ') ?? '',
        addedAt: given.addedAt,
      };
    }),
    artists: wanted.artists.map((given) => {
      const id = appleIdOf(world, given.catalogId);
      const known = id === null ? undefined : artists.get(id);
      const name = given.name ?? known?.name ?? '';
      return { id: given.id ?? libraryId('r', userId, known?.id ?? name), catalogId: id, name };
    }),
    playlists: wanted.playlists.map((given) => ({
      ...given,
      id: given.id ?? libraryId('p', userId, given.name),
      items: given.items.map(songOf),
    })),
    ratings: {},
  };
  const ratings = wanted.ratings.map(({ type, id, value }) => {
    const key = ratingKeyOf(world, next, type, appleIdOf(world, id) ?? id);
    if (key === null) throw new AdminError(400, `There is nothing to rate: ${type}/${id}.`);
    return [key, value] as const;
  });
  write(world, userId, { ...next, ratings: Object.fromEntries(ratings) });
}

/** Deletes a playlist as its person does in the Music app, which no app can. */
export function deleteApplePlaylist(world: World, userId: string, playlistId: string): void {
  const account = accountOf(world, userId);
  const playlists = account.playlists.filter(({ id }) => id !== playlistId);
  if (playlists.length === account.playlists.length) throw new AdminError(404, 'There is no such playlist.');
  write(world, userId, { ...account, playlists });
}

/** Takes a person's subscription away or gives it back. */
export function setSubscription(world: World, userId: string, subscribed: boolean): void {
  write(world, userId, { ...accountOf(world, userId), subscribed });
}

function filledSong(world: World, userId: string, given: z.infer<typeof song>): AppleSong {
  const id = appleIdOf(world, given.catalogId);
  const track = id === null ? undefined : appleCatalogOf(world.catalog).songs.get(id);
  if (!track && given.name === undefined) {
    throw new AdminError(400, `A song has neither a name nor a place in the catalog: ${given.catalogId}.`);
  }
  const credit = track && creditOf(track);
  const name = given.name ?? credit?.name ?? '';
  const artistName = given.artistName ?? credit?.artistName ?? '';
  const albumName = given.albumName ?? world.catalog.albums.get(track?.albumId ?? '')?.name ?? '';
  const upload = uploadedSong(userId, name, artistName, albumName, given.addedAt);
  return { ...upload, id: given.id ?? (track ? libraryId('i', userId, track.id) : upload.id), catalogId: id };
}

function appleIdOf(world: World, id: string | null): string | null {
  return id === null ? null : (appleCatalogOf(world.catalog).appleIds.get(id) ?? id);
}

function accountOf(world: World, userId: string): AppleAccount {
  const account = world.appleMusic.current[userId];
  if (!account) throw new AdminError(404, 'There is no such account.');
  return account;
}

function write(world: World, userId: string, account: AppleAccount): void {
  world.appleMusic.write({ ...world.appleMusic.current, [userId]: account });
}
