import { z } from 'zod';
import type {
  AppleMusicPage,
  CatalogRef,
  LibraryAlbum,
  LibraryArtist,
  LibraryPlaylist,
  LibrarySong,
  Rating,
} from './types';

/*
 * What we read of Apple's answers about a person's library: lenient about what is added or left out, strict about what we
 * rely on.
 */

const playParams = z.object({ catalogId: z.string().nullish() }).nullish();
const catalogRelation = z
  .object({
    catalog: z
      .object({
        data: z.array(
          z.object({
            id: z.string(),
            attributes: z
              .object({
                name: z.string().nullish(),
                artistName: z.string().nullish(),
                isrc: z.string().nullish(),
                url: z.string().nullish(),
              })
              .nullish(),
          }),
        ),
      })
      .nullish(),
  })
  .nullish();

/** The catalog's own answer goes before what was noted when the item was added: that may have been withdrawn since. */
function catalogOf(item: {
  attributes?: { playParams?: z.infer<typeof playParams> } | null;
  relationships?: z.infer<typeof catalogRelation>;
}): { catalogId: string | null; catalog: CatalogRef | null } {
  const found = item.relationships?.catalog?.data[0];
  const catalog = found
    ? {
        id: found.id,
        name: found.attributes?.name ?? null,
        artistName: found.attributes?.artistName ?? null,
        isrc: found.attributes?.isrc ?? null,
        url: found.attributes?.url ?? null,
      }
    : null;
  return { catalogId: catalog?.id ?? item.attributes?.playParams?.catalogId ?? null, catalog };
}

export const librarySong: z.ZodType<LibrarySong> = z
  .object({
    id: z.string().min(1),
    type: z.string(),
    attributes: z.object({
      name: z.string(),
      artistName: z.string().nullish(),
      albumName: z.string().nullish(),
      durationInMillis: z.number().nullish(),
      dateAdded: z.string().nullish(),
      playParams,
    }),
    relationships: catalogRelation,
  })
  .transform((song) => ({
    id: song.id,
    kind: song.type.includes('music-video') ? ('music_video' as const) : ('song' as const),
    name: song.attributes.name,
    artistName: song.attributes.artistName ?? '',
    albumName: song.attributes.albumName ?? null,
    durationMs: song.attributes.durationInMillis ?? null,
    dateAdded: song.attributes.dateAdded ?? null,
    ...catalogOf(song),
  }));

export const libraryAlbum: z.ZodType<LibraryAlbum> = z
  .object({
    id: z.string().min(1),
    attributes: z.object({
      name: z.string(),
      artistName: z.string().nullish(),
      trackCount: z.number().nullish(),
      dateAdded: z.string().nullish(),
      playParams,
    }),
    relationships: catalogRelation,
  })
  .transform((album) => ({
    id: album.id,
    name: album.attributes.name,
    artistName: album.attributes.artistName ?? '',
    trackCount: album.attributes.trackCount ?? null,
    dateAdded: album.attributes.dateAdded ?? null,
    ...catalogOf(album),
  }));

export const libraryArtist: z.ZodType<LibraryArtist> = z
  .object({ id: z.string().min(1), attributes: z.object({ name: z.string() }), relationships: catalogRelation })
  .transform(({ id, attributes, relationships }) => ({
    id,
    name: attributes.name,
    catalogId: catalogOf({ relationships }).catalogId,
  }));

export const libraryPlaylist: z.ZodType<LibraryPlaylist> = z
  .object({
    id: z.string().min(1),
    attributes: z.object({
      name: z.string(),
      description: z.object({ standard: z.string().nullish() }).nullish(),
      canEdit: z.boolean().nullish(),
      dateAdded: z.string().nullish(),
    }),
  })
  .transform(({ id, attributes }) => ({
    id,
    name: attributes.name,
    description: attributes.description?.standard ?? null,
    canEdit: attributes.canEdit ?? false,
    dateAdded: attributes.dateAdded ?? null,
  }));

/**
 * A page of a list. Its end is told by `next` missing; that is a relative path which repeats neither `limit` nor `include`,
 * so only its offset is taken. An offset that does not go on would read the same page for ever.
 */
export function pageAnswer<T>(item: z.ZodType<T>, offset: number): z.ZodType<AppleMusicPage<T>> {
  return z
    .object({
      data: z.array(item),
      next: z.string().nullish(),
      meta: z.object({ total: z.number().nullish() }).nullish(),
    })
    .transform(({ data, next, meta }) => ({
      items: data,
      total: meta?.total ?? null,
      nextOffset: next ? Number(/[?&]offset=(\d{1,9})(?:&|$)/.exec(next)?.[1] ?? offset + data.length) : null,
    }))
    .refine(({ nextOffset }) => nextOffset === null || nextOffset > offset);
}

export const storefrontAnswer: z.ZodType<string> = z
  .object({ data: z.array(z.object({ id: z.string().regex(/^[a-z]{2}$/) })).min(1) })
  .transform(({ data }) => data[0]?.id ?? '');

export const ratingsAnswer: z.ZodType<Map<string, Rating>> = z
  .object({
    data: z.array(
      z.object({ id: z.string(), attributes: z.object({ value: z.union([z.literal(1), z.literal(-1)]) }) }),
    ),
  })
  .transform(({ data }) => new Map(data.map(({ id, attributes }) => [id, attributes.value])));

export const createdPlaylistAnswer: z.ZodType<{ id: string }> = z
  .object({ data: z.array(z.object({ id: z.string().min(1) })).min(1) })
  .transform(({ data }) => ({ id: data[0]?.id ?? '' }));
