import { z } from 'zod';
import type { SpotifyAlbum, SpotifyArtist, SpotifyTrack } from './types';

/*
 * What we read of Spotify's answers about artists, albums and tracks: lenient about what is added or left out, strict
 * about what we rely on.
 */

const images = z.array(z.object({ url: z.string() })).nullish();
const firstImage = (list: z.infer<typeof images>) => list?.[0]?.url ?? null;

/** Credits without an id (local files, some compilations) name nobody we could match. */
const credits = z
  .array(z.object({ id: z.string().nullish(), name: z.string().nullish() }))
  .transform((list) => list.flatMap(({ id, name }) => (id ? [{ id, name: name ?? '' }] : [])));

export const artistAnswer: z.ZodType<SpotifyArtist> = z
  .object({ id: z.string(), name: z.string(), images, genres: z.array(z.string()).nullish() })
  .transform(({ id, name, images: pictures, genres }) => ({
    id,
    name,
    imageUrl: firstImage(pictures),
    genres: genres ?? [],
  }));

export const albumAnswer: z.ZodType<SpotifyAlbum> = z
  .object({
    id: z.string(),
    uri: z.string(),
    name: z.string(),
    images,
    release_date: z.string().nullish(),
    artists: credits,
  })
  .transform(({ id, uri, name, images: pictures, release_date: releaseDate, artists }) => ({
    id,
    uri,
    name,
    imageUrl: firstImage(pictures),
    releaseDate: releaseDate ?? null,
    artists,
  }));

export const trackAnswer: z.ZodType<SpotifyTrack> = z
  .object({
    id: z.string(),
    uri: z.string(),
    name: z.string(),
    duration_ms: z.number().nullish(),
    external_ids: z.object({ isrc: z.string().nullish() }).nullish(),
    artists: credits,
    album: z.unknown().optional(),
  })
  .transform((track) => ({
    id: track.id,
    uri: track.uri,
    name: track.name,
    durationMs: track.duration_ms ?? null,
    isrc: track.external_ids?.isrc ?? null,
    artists: track.artists,
    // An album without id (of a local file) is no album of the catalog.
    album: albumAnswer.safeParse(track.album).data ?? null,
  }));

export const artistSearchAnswer: z.ZodType<SpotifyArtist[]> = z
  .object({ artists: z.object({ items: z.array(artistAnswer.nullable()) }) })
  .transform(({ artists }) => artists.items.filter((artist) => artist !== null));
