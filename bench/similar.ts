import { askGraph, askStyles, cosinesOf } from '../api/routes/artists/similar-parts';
import { loadArtists } from '../adapters/postgres/artist-search';
import { blendSimilar, partWeights } from '../domain/similarity';
import { builtInStyleModel } from '../domain/style/style-model';
import { startAskedApi } from './asked-api';
import type { Cleanup } from './cleanup';
import { atLeast, atMost, type Figure, percentile, reported } from './report';
import { hideEdges, sample } from './similar/hidden-edges';
import { madeUpWorld } from './similar/made-up-world';
import { setStage, type SimilarStage } from './similar/stage';

const shownOf = 20;
const asked = 1_000;
const questions = 200;
/** Artists with so few known collaborations are also looked at by themselves. */
const few = 4;

/**
 * `npm run bench -- similar [ARTISTS]`: in a world of so many artists (100,000) that is made up, a fifth of the collaborations
 * is hidden. How many of the hidden ones are among the first twenty that are similar and not known: by both parts, by either
 * alone, and by chance. And how long a question takes over HTTP.
 */
export async function benchSimilar([size = '100000']: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const artists = Number(size);
  const world = madeUpWorld(artists);
  const { shown, known, hidden } = hideEdges(world, 0.2);
  const stage = await setStage(world, shown, cleanup);
  const numberOf = new Map(stage.ids.map((id, number) => [id, number]));
  const withHidden = hidden.flatMap((others, artist) => (others.size > 0 ? [artist] : []));
  const all = new Recalls();
  const littleKnown = new Recalls();
  for (const artist of sample(withHidden, asked)) {
    const rankings = await rank(stage, artist);
    const [hiddenOnes, knownOnes] = [hidden[artist] ?? new Set(), known[artist] ?? new Set()];
    const recalls = knownOnes.size <= few ? [all, littleKnown] : [all];
    for (const recall of recalls) {
      for (const [way, ids] of Object.entries(rankings) as [Way, string[]][]) {
        const fresh = ids.map((id) => numberOf.get(id) ?? -1).filter((other) => !knownOnes.has(other));
        recall.add(way, fresh.slice(0, shownOf).filter((other) => hiddenOnes.has(other)).length);
      }
      recall.add('chance', (shownOf * hiddenOnes.size) / (artists - 1 - knownOnes.size));
      recall.possible += Math.min(shownOf, hiddenOnes.size);
    }
  }
  const times = await questionTimes(stage, withHidden, cleanup);
  return [
    reported('artists of a made-up world', artists, ''),
    reported('collaborations, a fifth of them hidden', world.edges.length, ''),
    reported('styles made and indexed', stage.indexSeconds, 's'),
    ...figuresOf('recall@20', all),
    ...figuresOf(`recall@20, up to ${few} known collaborations`, littleKnown),
    reported('similar to one over HTTP, median', percentile(times, 0.5), 'ms'),
    atMost(50, 'similar to one over HTTP, p95', percentile(times, 0.95), 'ms'),
  ];
}

type Way = 'blend' | 'style' | 'graph';

class Recalls {
  possible = 0;
  readonly #hits = { blend: 0, style: 0, graph: 0, chance: 0 };
  add(way: Way | 'chance', hits: number): void {
    this.#hits[way] += hits;
  }
  of(way: Way | 'chance'): number {
    return this.possible === 0 ? 0 : (this.#hits[way] / this.possible) * 100;
  }
}

function figuresOf(name: string, recalls: Recalls): Figure[] {
  const [style, graph, chance] = (['style', 'graph', 'chance'] as const).map((way) => recalls.of(way));
  return [
    atLeast(Math.max(style ?? 0, graph ?? 0), `${name}: blend`, recalls.of('blend'), '%'),
    reported(`${name}: genres alone`, style ?? 0, '%'),
    reported(`${name}: graph alone`, graph ?? 0, '%'),
    reported(`${name}: chance`, chance ?? 0, '%'),
  ];
}

/** Who is similar, as the API finds them, by both parts and by either alone. */
async function rank({ orm, vectors, graph, ids }: SimilarStage, artist: number): Promise<Record<Way, string[]>> {
  const rows = await loadArtists(orm.em.fork(), [ids[artist] ?? '']);
  const deps = { vectors, graph, config: { styleModel: builtInStyleModel } };
  const own = new Set(rows.map(({ id }) => id));
  const styles = await askStyles(deps, rows);
  const near = await askGraph(deps, [...own]);
  if (near.state === 'away' || styles.state === 'away')
    throw new Error('A part is away: there is nothing to be measured.');
  const wanted = 350;
  const cosines = styles.likeness
    ? await cosinesOf(styles.likeness, await styles.likeness.nearest(wanted), near.near, wanted)
    : new Map<string, number>();
  const has = { style: styles.likeness !== null, graph: near.state === 'used' };
  const by = (parts: typeof has) =>
    blendSimilar(cosines, near.near, partWeights(parts)).flatMap(({ artistId }) =>
      own.has(artistId) ? [] : [artistId],
    );
  return {
    blend: by(has),
    style: by({ style: has.style, graph: false }),
    graph: by({ style: false, graph: has.graph }),
  };
}

/** Milliseconds of each question of a person who keeps a thousand artists out. */
async function questionTimes(
  { orm, environment, ids }: SimilarStage,
  artists: readonly number[],
  cleanup: Cleanup,
): Promise<number[]> {
  const ask = await startAskedApi(orm, environment, cleanup);
  const times: number[] = [];
  for (const artist of sample(artists, questions + 40, 44)) {
    const begun = performance.now();
    const answer = await ask(`artists/${ids[artist]}/similar?limit=20&excludeBlocked=true`);
    const body = (await answer.json()) as { style?: { state: string }; graph?: { state: string } };
    times.push(performance.now() - begun);
    if (!answer.ok || body.style?.state === 'away' || body.graph?.state === 'away')
      throw new Error(`Similar artists were answered with ${answer.status}, or in part.`);
  }
  // The first questions pay for the plans of the statements.
  return times.slice(40);
}
