import type { FileProvider } from './block-file';

/** What a file for the catalog holds. */
export const catalogKinds = ['artists', 'recordings'] as const;
export type CatalogKind = (typeof catalogKinds)[number];

export const catalogImportStatuses = ['running', 'completed', 'failed'] as const;
export type CatalogImportStatus = (typeof catalogImportStatuses)[number];

/**
 * What came of a row. `changed`: something of it was new here · `conflict`: its ids are those of several artists here, which a
 * file alone does not make one; nothing of it was taken · `invalid`: it can't be read.
 */
export const catalogOutcomes = ['pending', 'created', 'changed', 'unchanged', 'conflict', 'invalid'] as const;
export type CatalogOutcome = (typeof catalogOutcomes)[number];

/** Why a row can't be read. */
export type CatalogFault =
  | 'not_json'
  | 'too_long'
  | 'not_an_object'
  | 'too_many_cells'
  | 'bad_id'
  | 'bad_name'
  | 'bad_text'
  | 'bad_image'
  | 'no_id';

export type ArtistIds = Partial<Record<FileProvider, string[]>>;

export interface ImportedArtist {
  name: string;
  disambiguation: string | null;
  providerIds: ArtistIds;
  /** `locale` is empty where none is said. */
  aliases: { name: string; locale: string }[];
  genres: string[];
  imageUrl: string | null;
}

export type CreditRole = 'performer' | 'writer' | 'producer';

/** Somebody who took part in a recording: by an id somewhere, or by name alone. */
export interface RecordingCredit {
  role: CreditRole;
  name: string;
  id: { provider: FileProvider; value: string } | null;
}

export interface ImportedRecording {
  /** What the source calls it, so that it is known again. */
  sourceId: string;
  name: string;
  durationMs: number | null;
  /** Upper case, without hyphens. */
  isrcs: string[];
  /** As providers list it. */
  uris: string[];
  credits: RecordingCredit[];
}

/** A release of MusicBrainz's. */
export interface ImportedRelease {
  sourceId: string;
  name: string;
  /** A year, a month or a day. */
  releaseDate: string | null;
  imageUrl: string | null;
  /** Ids of whom it is credited to, in credit order. */
  artists: { provider: FileProvider; value: string }[];
}

/** The recordings of a row: one, or all of a release, by whose title the row goes. */
export interface ImportedRecordings {
  name: string;
  recordings: ImportedRecording[];
  release?: ImportedRelease;
}

export type CatalogEntry = ImportedArtist | ImportedRecordings;

/** A row as it was read, or why it couldn't be, with its name if there is a good one. */
export type CatalogRow<Entry extends CatalogEntry = CatalogEntry> = { row: number } & (
  { entry: Entry } | { fault: CatalogFault; name: string | null }
);

/** The longest texts that are kept, and the longest lists. */
export const catalogLimits = {
  name: 300,
  title: 1_000,
  genre: 100,
  aliases: 200,
  genres: 50,
  ids: 20,
  idLength: 100,
  isrcs: 50,
  credits: 300,
  recordings: 2_000,
} as const;

const ISRC = /^[A-Z]{2}[A-Z0-9]{3}\d{7}$/;

/** An ISRC as it is compared: upper case, without hyphens; null for anything else. */
export function plainIsrc(text: string): string | null {
  const plain = text.replaceAll(/[\s-]/g, '').toUpperCase();
  return ISRC.test(plain) ? plain : null;
}

const keyOf = (provider: string, id: string) => `${provider} ${id}`;

/** Which artists ids mean, while a file's rows are worked through one after the other. */
export class KnownIds {
  readonly #artists = new Map<string, string>();

  add(provider: string, id: string, artistId: string): void {
    this.#artists.set(keyOf(provider, id), artistId);
  }

  /** Every artist whom one of these ids means, each once. */
  artistsOf(ids: ArtistIds): string[] {
    const named = idPairs(ids).flatMap(([provider, id]) => this.#artists.get(keyOf(provider, id)) ?? []);
    return [...new Set(named)];
  }
}

export const idPairs = (ids: ArtistIds): [provider: string, id: string][] =>
  Object.entries(ids).flatMap(([provider, values]) => values.map((id): [string, string] => [provider, id]));
