import { z } from 'zod';
import type { CatalogItem, WholeCatalogArtist } from './types';

/** Pixels on each side of the picture that is linked to. */
const PICTURE = 300;

/** A picture's address is a template for its sizes. */
const artwork = z
  .object({ url: z.string().nullish() })
  .nullish()
  .transform((picture) => picture?.url?.replace('{w}', `${PICTURE}`).replace('{h}', `${PICTURE}`) ?? null);

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
      artwork,
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
    imageUrl: attributes.artwork,
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

/** The genre that everything in the catalog has says nothing. */
const EVERYTHING = 'Music';

const wholeArtist: z.ZodType<WholeCatalogArtist> = z
  .object({
    id: z.string().min(1),
    attributes: z.object({ name: z.string(), genreNames: z.array(z.string()).nullish(), artwork }),
  })
  .transform(({ id, attributes: { name, genreNames, artwork: imageUrl } }) => ({
    id,
    name,
    imageUrl,
    genres: (genreNames ?? []).filter((genre) => genre !== EVERYTHING),
  }));

export const catalogArtistAnswer: z.ZodType<WholeCatalogArtist> = z
  .object({ data: z.tuple([wholeArtist], z.unknown()) })
  .transform(({ data: [artist] }) => artist);

/** Kinds of which nothing was found are left out (developer.apple.com, "Search for Catalog Resources"). */
export const artistSearchAnswer: z.ZodType<WholeCatalogArtist[]> = z
  .object({ results: z.object({ artists: z.object({ data: z.array(wholeArtist) }).nullish() }) })
  .transform(({ results }) => results.artists?.data ?? []);
