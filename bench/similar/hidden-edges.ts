import { type MadeUpWorld, mulberry32 } from './made-up-world';

export interface HiddenEdges {
  /** Collaborations that are known. */
  shown: MadeUpWorld['edges'];
  /** Of each artist with whom they work, known and hidden. */
  known: Set<number>[];
  hidden: Set<number>[];
}

/** Hides that part of the collaborations, with the same numbers the same ones. */
export function hideEdges({ genres, edges }: MadeUpWorld, part: number, seed = 42): HiddenEdges {
  const random = mulberry32(seed);
  const shown: MadeUpWorld['edges'] = [];
  const known = genres.map(() => new Set<number>());
  const hidden = genres.map(() => new Set<number>());
  for (const edge of edges) {
    const isHidden = random() < part;
    const sides = isHidden ? hidden : known;
    sides[edge.from]?.add(edge.to);
    sides[edge.to]?.add(edge.from);
    if (!isHidden) shown.push(edge);
  }
  return { shown, known, hidden };
}

/** Up to so many of the numbers, each as likely as any other. */
export function sample(numbers: readonly number[], count: number, seed = 43): number[] {
  const random = mulberry32(seed);
  const left = [...numbers];
  const taken: number[] = [];
  while (taken.length < count && left.length > 0) {
    const at = Math.floor(random() * left.length);
    taken.push(...left.splice(at, 1));
  }
  return taken;
}
