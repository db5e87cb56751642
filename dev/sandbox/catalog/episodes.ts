import { base62Id } from './ids';

/** A podcast episode that can stand in a playlist; all of them are invented. */
export interface CatalogEpisode {
  id: string;
  name: string;
  durationMs: number;
  releaseDate: string;
}

/** The invented show that the episodes belong to. */
export const show = {
  id: base62Id('show', 'a cup of static'),
  name: 'A Cup of Static',
  publisher: 'Harbour Lane Audio',
};

const titles = ['Why old radios hum', 'The quiet carriage', 'Rain on three roofs', 'A lighthouse keeps time'];

/** Episodes by id. */
export const episodes: ReadonlyMap<string, CatalogEpisode> = new Map(
  titles.map((name, place) => {
    const id = base62Id('episode', name);
    return [id, { id, name, durationMs: 1_500_000 + place * 60_000, releaseDate: `2024-0${place + 1}-15` }];
  }),
);
