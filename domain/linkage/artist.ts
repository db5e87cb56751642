import anyAscii from 'any-ascii';
import { nameKey } from '../name-keys';
import { nameVector } from './name-vector';

/** What is known of an artist, for telling whether two are one. */
export interface ArtistFacts {
  /** The name first, then the aliases. */
  names: readonly string[];
  /** Ids by provider. */
  providerIds: Readonly<Record<string, readonly string[]>>;
  isrcs: readonly string[];
  titles: readonly string[];
  albums: readonly string[];
  genres: readonly string[];
}

/** The facts as they are compared: texts as keys, each once. */
export interface ArtistProfile extends ArtistFacts {
  /** The names in Latin letters, as they sound. */
  latin: readonly string[];
}

export function artistProfileOf(facts: ArtistFacts): ArtistProfile {
  return {
    names: keysOf(facts.names),
    latin: keysOf(facts.names.map((name) => anyAscii(name.normalize('NFKC')))),
    providerIds: facts.providerIds,
    isrcs: [...new Set(facts.isrcs.map((isrc) => isrc.replace(/[^A-Z0-9]/giu, '').toUpperCase()))],
    titles: keysOf(facts.titles.map(titleCore)),
    albums: keysOf(facts.albums.map(titleCore)),
    genres: keysOf(facts.genres),
  };
}

/** A name as a vector: what it reads like in Latin letters, so that scripts that spell sounds meet. Null for no name. */
export const artistNameVector = (name: string): Float32Array | null =>
  nameVector(nameKey(anyAscii(name.normalize('NFKC')))) ?? nameVector(nameKey(name));

const keysOf = (texts: readonly string[]) => [...new Set(texts.map(nameKey))].filter((key) => key !== '');

/** A title without what says which version or who is a guest: "Song (feat. Somebody) - Remastered 2011" is "Song". */
export function titleCore(title: string): string {
  const core = title
    .replace(/\s*[([][^()[\]]*[)\]]\s*/gu, ' ')
    .replace(/\s+-\s+.*$/u, '')
    .replace(/\s+(?:feat|ft)\.?\s.*$/iu, '')
    .trim();
  return core === '' ? title : core;
}
