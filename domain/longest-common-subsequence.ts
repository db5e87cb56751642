/** One aligned pair: an index into the first list and the index of the equal element in the second. */
export type AlignedPair = readonly [left: number, right: number];

/** Above this many equal (left, right) pairs, elements that repeat a lot are aligned greedily instead of optimally. */
const PAIR_LIMIT = 500_000;

/**
 * Longest common subsequence of two lists of keys, as aligned index pairs ascending on both sides; `null` equals `null`.
 *
 * Hunt and Szymanski's method after trimming the common ends: O(r log n), r being the number of equal pairs, which for
 * a playlist is about its length. Lists with very many copies of one key (r over `pairLimit`) get a common subsequence
 * that is valid but perhaps not the longest.
 */
export function longestCommonSubsequence(
  left: readonly (string | null)[],
  right: readonly (string | null)[],
  pairLimit = PAIR_LIMIT,
): AlignedPair[] {
  const shorter = Math.min(left.length, right.length);
  let head = 0;
  while (head < shorter && left[head] === right[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && left[left.length - 1 - tail] === right[right.length - 1 - tail]) tail += 1;

  const pairs: AlignedPair[] = [];
  for (let i = 0; i < head; i += 1) pairs.push([i, i]);
  const middleLeft = left.slice(head, left.length - tail);
  const middleRight = right.slice(head, right.length - tail);
  for (const [i, j] of alignMiddle(middleLeft, middleRight, pairLimit)) pairs.push([i + head, j + head]);
  for (let back = tail; back > 0; back -= 1) pairs.push([left.length - back, right.length - back]);
  return pairs;
}

function alignMiddle(left: readonly (string | null)[], right: readonly (string | null)[], pairLimit: number) {
  if (left.length === 0 || right.length === 0) return [];
  const places = placesByKey(right);
  const copies = new Map<string | null, number>();
  for (const key of left) copies.set(key, (copies.get(key) ?? 0) + 1);
  const products = [...copies].map(([key, count]) => ({ key, pairs: count * (places.get(key)?.length ?? 0) }));
  products.sort((a, b) => a.pairs - b.pairs);

  let budget = pairLimit;
  const frequent = new Set<string | null>();
  for (const product of products) {
    if (product.pairs > budget) frequent.add(product.key);
    else budget -= product.pairs;
  }
  for (const key of frequent) places.delete(key);
  const pairs = huntSzymanski(left, places);
  return frequent.size === 0 ? pairs : fillGreedily(left, right, pairs);
}

function placesByKey(keys: readonly (string | null)[]): Map<string | null, number[]> {
  const places = new Map<string | null, number[]>();
  keys.forEach((key, index) => {
    const known = places.get(key);
    if (known) known.push(index);
    else places.set(key, [index]);
  });
  return places;
}

function huntSzymanski(
  left: readonly (string | null)[],
  places: ReadonlyMap<string | null, readonly number[]>,
): AlignedPair[] {
  // ends[k]: the smallest right index that ends a common subsequence of length k + 1; nodeOf[k]: the chain behind it.
  const ends: number[] = [];
  const nodeOf: number[] = [];
  const nodes: { left: number; right: number; previous: number }[] = [];
  for (let i = 0; i < left.length; i += 1) {
    const candidates = places.get(left[i] ?? null);
    if (!candidates) continue;
    for (let c = candidates.length - 1; c >= 0; c -= 1) {
      const j = candidates[c] as number;
      const length = firstNotBelow(ends, j);
      if (ends[length] === j) continue;
      nodes.push({ left: i, right: j, previous: length === 0 ? -1 : (nodeOf[length - 1] as number) });
      ends[length] = j;
      nodeOf[length] = nodes.length - 1;
    }
  }
  const pairs: AlignedPair[] = [];
  for (let at = nodeOf.at(-1) ?? -1; at >= 0;) {
    const node = nodes[at] as { left: number; right: number; previous: number };
    pairs.push([node.left, node.right]);
    at = node.previous;
  }
  return pairs.reverse();
}

function firstNotBelow(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Adds, between the pairs already found, whatever a single pass from left to right can still align. */
function fillGreedily(
  left: readonly (string | null)[],
  right: readonly (string | null)[],
  anchors: readonly AlignedPair[],
): AlignedPair[] {
  const pairs: AlignedPair[] = [];
  let i = 0;
  let j = 0;
  for (const [anchorLeft, anchorRight] of [...anchors, [left.length, right.length] as const]) {
    const waiting = placesByKey(left.slice(i, anchorLeft).reverse());
    let lowestPassed = anchorLeft - i;
    for (; j < anchorRight; j += 1) {
      // Places count from the right, so the last of a key's places is its leftmost copy.
      const place = popBelow(waiting.get(right[j] ?? null), lowestPassed);
      if (place === undefined) continue;
      pairs.push([anchorLeft - 1 - place, j]);
      lowestPassed = place;
    }
    if (anchorLeft < left.length) pairs.push([anchorLeft, anchorRight]);
    i = anchorLeft + 1;
    j = anchorRight + 1;
  }
  return pairs;
}

function popBelow(places: number[] | undefined, limit: number): number | undefined {
  for (let place = places?.pop(); place !== undefined; place = places?.pop()) if (place < limit) return place;
  return undefined;
}
