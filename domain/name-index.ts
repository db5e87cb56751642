import { type NameWeight, weightOfName } from './common-words';
import { nameKey } from './name-keys';

export interface NamedArtist {
  artistId: string;
  /** The name first, then the aliases. */
  names: readonly string[];
}

/** One name of an artist. Namesakes have an entry each. */
export interface IndexedName {
  artistId: string;
  name: string;
  weight: NameWeight;
}

/** Names by key, so that a text is compared with all of them at once. */
export interface NameIndex {
  byKey: ReadonlyMap<string, readonly IndexedName[]>;
  /** Names with brackets in them, which end where no bracket of the text does: "Sunn O)))". */
  bracketed: readonly string[];
}

/** What is read off a name itself. */
interface ReadName {
  key: string;
  weight: NameWeight;
  isBracketed: boolean;
}

/** The same names are indexed for every plan and check of those who block them, and reading a name takes longer than all else. */
const read = new Map<string, ReadName>();
const mostRead = 50_000;

function readName(name: string): ReadName {
  const known = read.get(name);
  if (known) return known;
  const key = nameKey(name);
  const made = { key, weight: weightOfName(name, key), isBracketed: /[()[\]]/u.test(name) };
  if (read.size >= mostRead) read.clear();
  read.set(name, made);
  return made;
}

export function indexNames(artists: Iterable<NamedArtist>): NameIndex {
  const byKey = new Map<string, IndexedName[]>();
  const bracketed = new Set<string>();
  for (const { artistId, names } of artists) {
    for (const name of names) {
      const { key, weight, isBracketed } = readName(name);
      if (key === '') continue;
      const same = byKey.get(key) ?? [];
      if (same.some((other) => other.artistId === artistId)) continue;
      byKey.set(key, [...same, { artistId, name, weight }]);
      if (isBracketed) bracketed.add(name.trim());
    }
  }
  return { byKey, bracketed: [...bracketed] };
}
