import { genreFamilies } from './genre-families';

/** Artists by number. What makes them work together is a scene: a family of genres in one place and time. */
export interface MadeUpWorld {
  genres: string[][];
  /** The collaborations: pairs of artists, the lower number first, with the recordings led by either. */
  edges: { from: number; to: number; fromLeads: number; toLeads: number }[];
}

const artistsOfScene = 40;

/**
 * A world that is made up, with the same numbers the same one: there are five times as many collaborations as artists; of
 * the guests on a track six in ten are of its scene, two worked with somebody whom the leading artist worked with, one is
 * of the family, and one is anybody. One in four artists has no genres; seven in ten of the others' genres are among the
 * three that their scene is known for, two are of its family, and one is any.
 */
export function madeUpWorld(artists: number, seed = 7): MadeUpWorld {
  const random = mulberry32(seed);
  const below = (most: number) => Math.floor(random() * most);
  /** Low numbers more often. */
  const skewed = (most: number, power: number) => Math.floor(most * random() ** power);
  const familyOf = Array.from({ length: artists }, () => skewed(genreFamilies.length, 1.3));
  const families = genreFamilies.map((_, family) => familyOf.flatMap((of, artist) => (of === family ? [artist] : [])));
  const scenes = familyOf.map(() => 0);
  const sceneMembers = new Map<string, number[]>();
  for (const [family, members] of families.entries()) {
    const count = Math.max(1, Math.round(members.length / artistsOfScene));
    for (const artist of members) {
      scenes[artist] = below(count);
      const key = `${family} ${scenes[artist]}`;
      sceneMembers.set(key, [...(sceneMembers.get(key) ?? []), artist]);
    }
  }
  const sceneGenres = new Map(
    [...sceneMembers.keys()].map((scene) => {
      const names = genreFamilies[Number(scene.split(' ')[0])] ?? [];
      return [scene, Array.from({ length: 3 }, () => names[below(names.length)] ?? '')];
    }),
  );
  const genres = familyOf.map((family, artist) => {
    if (random() < 0.25) return [];
    const ofScene = sceneGenres.get(`${family} ${scenes[artist]}`) ?? [];
    const own = Array.from({ length: 1 + below(4) }, () => {
      const dice = random();
      const names = dice < 0.7 ? ofScene : (genreFamilies[dice < 0.9 ? family : below(genreFamilies.length)] ?? []);
      return names[skewed(names.length, 1.5)] ?? '';
    });
    return [...new Set(own)];
  });
  const worked: number[][] = Array.from({ length: artists }, () => []);
  const edges = new Map<number, MadeUpWorld['edges'][number]>();
  const guestOf = (lead: number): number => {
    const dice = random();
    const family = families[familyOf[lead] ?? 0] ?? [];
    const scene = sceneMembers.get(`${familyOf[lead]} ${scenes[lead]}`) ?? family;
    const between = worked[lead]?.[below(worked[lead]?.length ?? 0)];
    const friends = between === undefined ? [] : (worked[between] ?? []);
    if (dice < 0.1) return skewed(artists, 2);
    if (dice < 0.2) return family[skewed(family.length, 1.5)] ?? lead;
    if (dice < 0.4 && friends.length > 0) return friends[below(friends.length)] ?? lead;
    return scene[skewed(scene.length, 1.5)] ?? lead;
  };
  for (let tries = 0; edges.size < artists * 5 && tries < artists * 50; tries += 1) {
    const lead = skewed(artists, 1.5);
    const guest = guestOf(lead);
    if (guest === lead) continue;
    const [from, to] = [Math.min(lead, guest), Math.max(lead, guest)];
    const key = from * artists + to;
    const known = edges.get(key);
    const edge = known ?? { from, to, fromLeads: 0, toLeads: 0 };
    if (lead === from) edge.fromLeads += 1;
    else edge.toLeads += 1;
    if (known) continue;
    edges.set(key, edge);
    worked[from]?.push(to);
    worked[to]?.push(from);
  }
  return { genres, edges: [...edges.values()] };
}

/** Numbers from 0 to below 1, the same for the same seed. */
export function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
