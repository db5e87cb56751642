import { genreKey } from '../../domain/style/genre-key';
import type { StyleModel, StyleModelSettings } from '../../domain/style/style-model';
import { styleRow, styleTable } from '../lancedb/styles';
import { countStyles, genreRows, styleFactsOf } from '../postgres/artist-styles';
import { idsAfter } from '../postgres/graph-rows';
import type { EntityManager } from '../postgres/orm';
import { startStyleModel } from '../styles/style-thread';
import type { IndexedTable } from './indexed-table';

/** After so long without work a model's thread ends, in milliseconds. */
const idleMs = 30_000;
/** What the catalog says of genres is asked again after so long, in milliseconds. */
const countsMs = 600_000;

interface Started {
  model: StyleModel;
  genres: ReadonlySet<string>;
  at: number;
}

/** Artists by how they sound. A model is started when there are artists to be placed, and knows the genres of that moment. */
export function artistStyles(settings: StyleModelSettings): IndexedTable {
  let started: Started | null = null;
  let idle: NodeJS.Timeout | undefined;

  async function stop(): Promise<void> {
    const { model } = started ?? {};
    started = null;
    await model?.close();
  }

  /** A genre that came later than the model would have no neighbours. */
  async function modelFor(em: EntityManager, genres: readonly string[]): Promise<StyleModel> {
    clearTimeout(idle);
    const old =
      started && (Date.now() - started.at > countsMs || genres.some((one) => !started?.genres.has(genreKey(one))));
    if (old) await stop();
    if (!started) {
      const rows = await genreRows(em);
      const known = new Set(rows.genres.map(([genre]) => genreKey(genre)));
      started = { model: startStyleModel(settings, rows), genres: known, at: Date.now() };
    }
    return started.model;
  }

  /** From the end of the work on: a large file of word vectors takes longer to read than a thread may be idle. */
  function endWhenIdle(): void {
    idle = setTimeout(() => void stop(), idleMs);
    idle.unref();
  }

  return {
    definition: styleTable(settings),
    kinds: ['artist', 'genres'],
    batch: 2_000,
    owners: (em, place) => idsAfter(em, { kind: 'artist', ...place }),
    async rows(em, owners) {
      const artists = await styleFactsOf(em, owners);
      if (artists.length === 0) return [];
      const model = await modelFor(
        em,
        artists.flatMap(({ genres }) => genres),
      );
      try {
        const vectors = await model.vectorsOf(artists);
        endWhenIdle();
        return artists.flatMap(({ artistId }, at) => {
          const vector = vectors[at];
          return vector ? [styleRow(artistId, vector)] : [];
        });
      } catch (error) {
        // The next try starts it anew: a file may have been put in its place meanwhile.
        await stop();
        throw error;
      }
    },
    count: countStyles,
  };
}
