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

export function indexNames(artists: Iterable<NamedArtist>): NameIndex {
  const byKey = new Map<string, IndexedName[]>();
  const bracketed = new Set<string>();
  for (const { artistId, names } of artists) {
    for (const name of names) {
      const key = nameKey(name);
      if (key === '') continue;
      const same = byKey.get(key) ?? [];
      if (same.some((other) => other.artistId === artistId)) continue;
      byKey.set(key, [...same, { artistId, name, weight: weightOfName(name, key) }]);
      if (/[()[\]]/u.test(name)) bracketed.add(name.trim());
    }
  }
  return { byKey, bracketed: [...bracketed] };
}
