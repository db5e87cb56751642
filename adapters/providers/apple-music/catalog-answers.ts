import { z } from 'zod';
import type { CatalogItem } from './types';

/** Pixels on each side of the picture that is linked to. */
const PICTURE = 300;

/** A song or album with its artists included. */
const catalogItem: z.ZodType<CatalogItem> = z
  .object({
    id: z.string().min(1),
    attributes: z.object({
      name: z.string(),
      artistName: z.string().nullish(),
      albumName: z.string().nullish(),
      isrc: z.string().nullish(),
      url: z.string().nullish(),
      artwork: z.object({ url: z.string().nullish() }).nullish(),
      releaseDate: z.string().nullish(),
      durationInMillis: z.number().nullish(),
    }),
    relationships: z
      .object({
        artists: z
          .object({
            data: z.array(z.object({ id: z.string(), attributes: z.object({ name: z.string().nullish() }).nullish() })),
          })
          .nullish(),
        albums: z.object({ data: z.array(z.object({ id: z.string() })) }).nullish(),
      })
      .nullish(),
  })
  .transform(({ id, attributes, relationships }) => ({
    id,
    name: attributes.name,
    artistName: attributes.artistName ?? '',
    albumName: attributes.albumName ?? null,
    isrc: attributes.isrc ?? null,
    url: attributes.url ?? null,
    imageUrl: attributes.artwork?.url?.replace('{w}', `${PICTURE}`).replace('{h}', `${PICTURE}`) ?? null,
    artists: (relationships?.artists?.data ?? []).map((artist) => ({
      id: artist.id,
      name: artist.attributes?.name ?? '',
    })),
    albumId: relationships?.albums?.data[0]?.id ?? null,
    releaseDate: attributes.releaseDate ?? null,
    durationMs: attributes.durationInMillis ?? null,
  }));

export const catalogItemsAnswer: z.ZodType<CatalogItem[]> = z
  .object({ data: z.array(catalogItem) })
  .transform(({ data }) => data);
