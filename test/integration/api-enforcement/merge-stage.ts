import { decideMerge, proposeMerge } from '../../../adapters/postgres/artist-merges';
import { followingTables } from '../../../adapters/postgres/artist-references';
import { newId } from '../../../adapters/postgres/ids';
import type { MikroORM } from '../../../adapters/postgres/orm';
import type { MergeBand, MergeDecision } from '../../../domain/artist-merges';
import { nameKey } from '../../../domain/name-keys';
import { foldName } from '../../../domain/names';

export interface ArtistRow {
  name: string;
  image: boolean;
  disambiguation: boolean;
  ids: number;
  aliases: string[];
  genres: string[];
}

export const nobody: ArtistRow = {
  name: 'Nobody',
  image: false,
  disambiguation: false,
  ids: 0,
  aliases: [],
  genres: [],
};

export interface Holding {
  person: number;
  artist: number;
  kind: 'block' | 'exception';
  ends: 'never' | 'past' | 'future';
}

export interface SmallCatalog {
  artists: ArtistRow[];
  /** Artists credited on each, in order. */
  tracks: number[][];
  albums: number[][];
  holdings: Holding[];
}

/** Catalogs and decisions put in directly, and artists merged and parted in transactions of their own. */
export class MergeStage {
  #serial = 0;
  constructor(
    readonly orm: MikroORM,
    readonly people: readonly string[],
  ) {}

  get em() {
    return this.orm.em.fork();
  }

  query<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.em.execute<T[]>(sql, values);
  }

  /** Puts a catalog in; answers the artists' ids. */
  async fill({ artists, tracks, albums, holdings }: SmallCatalog): Promise<string[]> {
    this.#serial += 1;
    const ids: string[] = [];
    for (const [n, artist] of artists.entries()) ids.push(await this.#artist(artist, n));
    for (const [kind, all] of [
      ['track', tracks],
      ['album', albums],
    ] as const)
      for (const [n, credits] of all.entries()) {
        const id = newId();
        await this.query(`insert into ${kind}s (id, uri, name) values (?, ?, 'A Thing')`, [
          id,
          `spotify:${kind}:${this.#serial}-${n}`,
        ]);
        for (const [position, artist] of credits.entries())
          await this.query(`insert into ${kind}_artists (${kind}_id, position, artist_id) values (?, ?, ?)`, [
            id,
            position,
            ids[artist],
          ]);
      }
    for (const holding of holdings) await this.#hold(holding, ids);
    return ids;
  }

  async #artist({ name, image, disambiguation, ids, aliases, genres }: ArtistRow, n: number): Promise<string> {
    const id = newId();
    await this.query(
      `insert into artists (id, name, folded_name, name_key, image_url, disambiguation) values (?, ?, ?, ?, ?, ?)`,
      [
        id,
        name,
        foldName(name),
        nameKey(name),
        image ? `https://img.example.test/${this.#serial}-${n}` : null,
        disambiguation ? `the ${n}th` : null,
      ],
    );
    for (let at = 0; at < ids; at += 1)
      await this.query(`insert into artist_provider_ids (provider, provider_id, artist_id) values ('spotify', ?, ?)`, [
        `s${this.#serial}n${n}i${at}`,
        id,
      ]);
    for (const alias of aliases)
      await this.query(
        `insert into artist_aliases (artist_id, name, locale, source, folded_name, name_key) values (?, ?, '', 'csv', ?, ?)`,
        [id, alias, foldName(alias), nameKey(alias)],
      );
    for (const genre of genres)
      await this.query(`insert into artist_genres (artist_id, genre, source) values (?, ?, 'csv')`, [id, genre]);
    return id;
  }

  async #hold({ person, artist, kind, ends }: Holding, ids: readonly string[]): Promise<void> {
    const subject = [this.people[person], ids[artist]];
    const until = { never: 'null', past: `now() - interval '1 day'`, future: `now() + interval '1 day'` }[ends];
    if (kind === 'block')
      await this.query(
        `insert into blocks (user_id, artist_id, note, tags, expires_at, version) values (?, ?, ?, '{a,b}', ${until}, 3)`,
        [...subject, `about ${artist}`],
      );
    else
      await this.query(
        `insert into exceptions (id, user_id, subject_type, subject_id) values (gen_random_uuid(), ?, 'artist', ?)`,
        subject,
      );
  }

  propose(one: string, other: string, band: MergeBand = 'accept') {
    const evidence = [{ subject: 'name', odds: 2.5 }];
    return this.em.transactional((tx) =>
      proposeMerge(tx, { keptArtistId: one, mergedArtistId: other, score: 0.9, band, evidence }),
    );
  }

  async merge(one: string, other: string): Promise<string> {
    const made = await this.propose(one, other);
    if (made.outcome !== 'applied') throw new Error(`not merged: ${made.outcome}`);
    return made.mergeId;
  }

  decide(mergeId: string, decision: MergeDecision, actorId = newId()) {
    return this.em.transactional((tx) => decideMerge(tx, { mergeId, decision, actorId, requestId: null }));
  }

  async undo(mergeId: string): Promise<void> {
    const done = await this.decide(mergeId, 'undo');
    if (!done || 'denied' in done) throw new Error('not undone');
  }

  /** Every row that has to do with these artists, as text, in one order. */
  async everything(ids: readonly string[]): Promise<string[]> {
    const asked = JSON.stringify(ids);
    const own = (table: string, column: string) =>
      `select '${table}' as t, to_jsonb(x) as r from ${table} x where x.${column}::text in (select jsonb_array_elements_text(?::jsonb))`;
    const parts = [
      own('artists', 'id'),
      own('former_artists', 'id'),
      own('artist_merge_asides', 'artist_id'),
      ...Object.entries(followingTables).map(([table, { column }]) => own(table, column)),
    ];
    const rows = await this.query<{ t: string; r: unknown }>(parts.join(' union all '), [...parts.map(() => asked)]);
    return rows.map((row) => JSON.stringify(row)).sort();
  }

  /** Rows that name one who has no row of their own. */
  async dangling(): Promise<string[]> {
    const parts = Object.entries(followingTables).map(
      ([table, { column }]) =>
        `select '${table}' as t from ${table} x where x.${column} in (select id from former_artists)`,
    );
    return (await this.query<{ t: string }>(parts.join(' union all '))).map(({ t }) => t);
  }
}
