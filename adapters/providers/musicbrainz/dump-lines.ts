import { z } from 'zod';
import {
  catalogLimits,
  type CatalogFault,
  type CreditRole,
  type ImportedArtist,
  type ImportedRecording,
  type ImportedRecordings,
  plainIsrc,
  type RecordingCredit,
} from '../../../domain/catalog-imports';
import { type PastedAddress, parsePastedAddress } from '../../../domain/pasted-address';
import { beginningOf, isStorable } from '../../../domain/storable-text';

/*
 * What we read of the lines of MusicBrainz's JSON dumps, which are the answers of its web service
 * (https://musicbrainz.org/doc/Development/JSON_Data_Dumps): lenient about what is added or left out, strict about what we rely on.
 */

const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(z.unknown())
    .catch([])
    .transform((list) => list.flatMap((one) => item.safeParse(one).data ?? []) as z.output<T>[]);

const storable = (longest: number) => z.string().trim().min(1).max(longest).refine(isStorable);
const mbid = z.guid().transform((id) => id.toLowerCase());
const person = z.object({ id: mbid, name: storable(catalogLimits.name) });

const named = z.object({ name: storable(catalogLimits.genre) });
const alias = z.object({
  name: storable(catalogLimits.name),
  locale: storable(20).nullish().catch(null),
  type: z.string().nullish(),
});

/** A relation that holds no more names nothing. */
const lasting = z
  .boolean()
  .nullish()
  .refine((ended) => ended !== true);
const urlRelation = z.object({
  type: z.string().nullish(),
  ended: lasting,
  url: z.object({ resource: z.string().max(2_048) }),
});
const artistRelation = z.object({ type: z.string(), artist: person });
const workRelation = z.object({ work: z.object({ relations: listOf(artistRelation) }) });

const artistLine = z.object({
  id: mbid,
  name: storable(catalogLimits.name),
  disambiguation: storable(catalogLimits.name).nullish().catch(null),
  aliases: listOf(alias),
  genres: listOf(named),
  relations: listOf(urlRelation),
});

const recordingLine = z.object({
  id: mbid,
  title: storable(catalogLimits.title),
  length: z
    .int()
    .positive()
    .max(2 ** 31 - 1)
    .nullish()
    .catch(null),
  isrcs: listOf(z.string()),
  'artist-credit': listOf(z.object({ artist: person })),
  relations: z.unknown().optional(),
});

export type ReadLine<T> = { entry: T } | { fault: CatalogFault; name: string | null };

/** Reads an artist: the name, disambiguation, aliases, genres, and the ids that URL relations give. */
export function readArtistLine(value: unknown): ReadLine<ImportedArtist> {
  const parsed = artistLine.safeParse(value);
  if (!parsed.success) return faultOf(value, 'name');
  const { id, name, disambiguation, aliases, genres, relations } = parsed.data;
  const addresses = relations.flatMap(({ url }) => streamingAddress(url.resource) ?? []);
  const idsAt = (provider: 'spotify' | 'apple_music') => {
    const ids = addresses.filter((one) => one.provider === provider && one.kind === 'artist').map((one) => one.id);
    return ids.length === 0 ? {} : { [provider]: [...new Set(ids)].slice(0, catalogLimits.ids) };
  };
  const others = aliases
    // Misspellings that people search by; nobody is called so.
    .filter((one) => one.type !== 'Search hint')
    .map((one) => ({ name: one.name, locale: one.locale ?? '' }));
  const distinct = new Map(others.map((one) => [`${one.locale} ${one.name}`, one]));
  return {
    entry: {
      name,
      disambiguation: disambiguation ?? null,
      providerIds: { musicbrainz: [id], ...idsAt('spotify'), ...idsAt('apple_music') },
      aliases: [...distinct.values()].slice(0, catalogLimits.aliases),
      genres: [...new Set(genres.map((genre) => genre.name))].slice(0, catalogLimits.genres),
      imageUrl: relations.map(pictureOf).find((picture) => picture !== null) ?? null,
    },
  };
}

/** A relation of type "image" is to a file's page at Wikimedia Commons, which gives the file itself in any width. */
function pictureOf({ type, url }: z.output<typeof urlRelation>): string | null {
  if (type !== 'image' || !isStorable(url.resource)) return null;
  const [, file] = /^https?:\/\/commons\.wikimedia\.org\/wiki\/File:([^?#\s]+)$/.exec(url.resource) ?? [];
  return file === undefined ? null : `https://commons.wikimedia.org/wiki/Special:FilePath/${file}?width=300`;
}

/** Types of artists' relations to recordings and works that make a writer or a producer (https://musicbrainz.org/relationships). */
const creditTypes: Readonly<Record<string, CreditRole>> = {
  producer: 'producer',
  writer: 'writer',
  composer: 'writer',
  lyricist: 'writer',
  librettist: 'writer',
  'additional writer': 'writer',
  'co-writer': 'writer',
};

const tracks = listOf(z.object({ recording: z.unknown().optional() }));
const releaseLine = z.object({
  id: mbid,
  title: storable(catalogLimits.title),
  media: listOf(z.object({ pregap: z.unknown().optional(), tracks, 'data-tracks': tracks })),
  date: z
    .string()
    .regex(/^\d{4}(?:-\d\d){0,2}$/)
    .nullish()
    .catch(null),
  'artist-credit': listOf(z.object({ artist: person })),
  'cover-art-archive': z.object({ front: z.boolean() }).nullish().catch(null),
});
const isRelease = (value: unknown) => z.object({ media: z.array(z.unknown()) }).safeParse(value).success;

/**
 * Reads a recording, or a release, which becomes an album, with all of its recordings: the dump of recordings has only those that are on no release
 * (https://github.com/metabrainz/musicbrainz-server, `JSONDump.pm`).
 */
export function readRecordingLine(value: unknown): ReadLine<ImportedRecordings> {
  if (isRelease(value)) return readReleaseLine(value);
  const parsed = recordingLine.safeParse(value);
  if (!parsed.success) return faultOf(value, 'title');
  return { entry: { name: parsed.data.title, recordings: [recordingOf(parsed.data)] } };
}

function readReleaseLine(value: unknown): ReadLine<ImportedRecordings> {
  const parsed = releaseLine.safeParse(value);
  if (!parsed.success) return faultOf(value, 'title');
  const { id, title, media, date, 'artist-credit': credit, 'cover-art-archive': covers } = parsed.data;
  const listed = media.flatMap((medium) => [
    ...tracks.parse([medium.pregap]),
    ...medium.tracks,
    ...medium['data-tracks'],
  ]);
  if (listed.length > catalogLimits.recordings)
    return { fault: 'too_long', name: beginningOf(title, catalogLimits.name) };
  const recordings = listed.flatMap(({ recording }) => recordingLine.safeParse(recording).data ?? []);
  const artists = credit.map(({ artist }) => ({ provider: 'musicbrainz' as const, value: artist.id }));
  const release = {
    sourceId: id,
    name: title,
    releaseDate: date ?? null,
    // https://musicbrainz.org/doc/Cover_Art_Archive/API
    imageUrl: covers?.front ? `https://coverartarchive.org/release/${id}/front-250` : null,
    artists: artists.slice(0, catalogLimits.credits),
  };
  return { entry: { name: title, recordings: recordings.map(recordingOf), release } };
}

/**
 * ISRCs, the providers' ids that URL relations give, its artist credit, its producers, and its writers, as far as it comes with
 * its works' relations: the web service gives those (`work-level-rels`), the dumps don't.
 */
function recordingOf({
  id,
  title,
  length,
  isrcs,
  relations,
  ...line
}: z.output<typeof recordingLine>): ImportedRecording {
  const own = listOf(artistRelation).parse(relations);
  const ofWorks = listOf(workRelation)
    .parse(relations)
    .flatMap(({ work }) => work.relations);
  const credits: RecordingCredit[] = [
    ...line['artist-credit'].map(({ artist }) => creditOf('performer', artist)),
    ...[...own, ...ofWorks].flatMap(({ type, artist }) => {
      const role = creditTypes[type];
      return role ? creditOf(role, artist) : [];
    }),
  ];
  const distinct = new Map(credits.map((credit) => [`${credit.role} ${credit.id?.value}`, credit]));
  const uris = listOf(urlRelation)
    .parse(relations)
    .flatMap(({ url }) => streamingAddress(url.resource) ?? [])
    .flatMap(({ kind, uri }) => (kind === 'track' ? uri : []));
  return {
    sourceId: id,
    name: title,
    durationMs: length ?? null,
    isrcs: [...new Set(isrcs.flatMap((isrc) => plainIsrc(isrc) ?? []))].slice(0, catalogLimits.isrcs),
    uris: [...new Set(uris)].slice(0, catalogLimits.isrcs),
    credits: [...distinct.values()].slice(0, catalogLimits.credits),
  };
}

const creditOf = (role: CreditRole, artist: z.output<typeof person>): RecordingCredit => ({
  role,
  name: artist.name,
  id: { provider: 'musicbrainz', value: artist.id },
});

/** What an address in a URL relation names at a streaming provider; null for all others. */
function streamingAddress(address: string): PastedAddress | null {
  const found = /^https?:\/\//.test(address) ? parsePastedAddress(address) : null;
  return found && found.provider !== 'musicbrainz' && found.id.length <= catalogLimits.idLength ? found : null;
}

function faultOf(value: unknown, nameField: 'name' | 'title'): { fault: CatalogFault; name: string | null } {
  const object = z.record(z.string(), z.unknown()).safeParse(value);
  if (!object.success) return { fault: 'not_an_object', name: null };
  const name = object.data[nameField];
  const good = storable(catalogLimits.name).safeParse(name).data ?? null;
  if (!mbid.safeParse(object.data.id).success) return { fault: 'bad_id', name: good };
  return { fault: typeof name === 'string' && !isStorable(name) ? 'bad_text' : 'bad_name', name: good };
}
