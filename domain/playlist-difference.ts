import type { LiveItem } from './playlist-entries';

/** One call's worth of insertions: consecutive URIs that belong at the zero-based `position`. */
export interface Insertion {
  position: number;
  uris: string[];
}

/**
 * The insertions that turn `live` into `target`, to be made in this order: positions ascend, so each is right by the time
 * its turn comes.
 * @param limit most URIs in one insertion (Spotify takes 100)
 * @throws Error when `live` is not a subsequence of `target`, or an item without a URI would have to be inserted
 */
export function insertionsBetween(live: readonly LiveItem[], target: readonly LiveItem[], limit = 100): Insertion[] {
  const insertions: Insertion[] = [];
  let kept = 0;
  target.forEach(({ uri }, position) => {
    if (kept < live.length && live[kept]?.uri === uri) {
      kept += 1;
      return;
    }
    if (uri === null) throw new Error('An item without a URI cannot be inserted.');
    const open = insertions.at(-1);
    if (open && open.position + open.uris.length === position && open.uris.length < limit) open.uris.push(uri);
    else insertions.push({ position, uris: [uri] });
  });
  if (kept < live.length) throw new Error('The live playlist is not a subsequence of the target.');
  return insertions;
}

/** How many copies of each URI `live` holds beyond those in `target`; URIs without surplus are absent. */
export function surplusCopies(live: readonly LiveItem[], target: readonly LiveItem[]): Map<string, number> {
  const balance = new Map<string, number>();
  const count = (items: readonly LiveItem[], by: number) => {
    for (const { uri } of items) if (uri !== null) balance.set(uri, (balance.get(uri) ?? 0) + by);
  };
  count(live, 1);
  count(target, -1);
  return new Map([...balance].filter(([, surplus]) => surplus > 0));
}
