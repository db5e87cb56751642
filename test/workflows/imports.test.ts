import { nameKey } from '../../domain/name-keys';
import { foldName } from '../../domain/names';
import { newId } from '../../adapters/postgres/ids';
import { importFile } from '../support/block-import-story';
import { importCatalogFile } from '../support/catalog-import-story';
import { type KillPoint, nameOf } from '../support/kill-points';
import { startSystem, type System } from '../support/system';
import { startVictim } from '../support/victim';

/**
 * A worker dies by SIGKILL in the middle of two files, one of blocks and one for the catalog; another one goes on, and the list and
 * the catalog are what the files say, once.
 */
const deaths: KillPoint[] = [
  ...(['importNextPage', 'importNextCatalogPage'] as const).flatMap((label): KillPoint[] => [
    { kind: 'commit', when: 'before', n: 2, label },
    { kind: 'commit', when: 'after', n: 2, label },
  ]),
  // Three pages of 200 rows each; then come the ends.
  { kind: 'commit', when: 'before', n: 8 },
  { kind: 'commit', when: 'after', n: 8 },
];
/** Each costs a heartbeat's silence. */
const sample = process.env.LONG ? deaths : deaths.slice(3, 4);
const many = 450;

let system: System;
beforeAll(async () => {
  system = await startSystem();
}, 120_000);
afterAll(() => system?.close());

const rows = <T>(sql: string, values: unknown[] = []) => system.orm.em.fork().execute<T[]>(sql, values);

test.each(sample.map((kill) => [nameOf(kill), kill] as const))(
  'a worker killed %s: another goes on',
  async (_name, kill) => {
    const userId = newId();
    await rows(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
    const artists = Array.from({ length: many + 1 }, (_, n) => ({ id: newId(), name: `${userId} ${n}` }));
    await rows(
      `insert into artists (id, name, folded_name, name_key) select * from jsonb_to_recordset(?::jsonb) as r(id uuid, name text, folded text, key text)`,
      [JSON.stringify(artists.map(({ id, name }) => ({ id, name, folded: foldName(name), key: nameKey(name) })))],
    );
    const [notInFile, ...inFile] = artists;
    await rows(`insert into blocks (user_id, artist_id) values (?, ?)`, [userId, notInFile?.id]);
    const [first, second] = [await startVictim(system), await startVictim(system)];
    const newcomers = Array.from({ length: many }, () => newId());
    let jobId = '';
    let catalogJobId = '';
    try {
      first.work(kill);
      jobId = await importFile(
        system,
        userId,
        inFile.map(({ name }, n) => ({ name, note: `number ${n}` })),
      );
      catalogJobId = await importCatalogFile(
        system,
        userId,
        newcomers.map((id) => ({ id, name: `Newcomer ${id}`, genres: [{ name: 'pop' }] })),
      );
      await first.gone;
      second.work(null);
      for (const job of [jobId, catalogJobId])
        expect(await system.jobEnd(job)).toMatchObject({ status: 'completed', failure_code: null });
    } finally {
      await second.kill();
    }
    const blocks = await rows<{ artist_id: string; note: string; version: number }>(
      `select artist_id, note, version from blocks where user_id = ?`,
      [userId],
    );
    expect(new Map(blocks.map(({ artist_id: id, note }) => [id, note]))).toEqual(
      new Map(inFile.map(({ id }, n) => [id, `number ${n}`])),
    );
    expect(blocks.every(({ version }) => version === 1)).toBe(true);
    expect(
      await rows(
        `select r.outcome, count(*)::int as n from block_import_rows r join block_imports i on i.id = r.import_id
         where i.user_id = ? group by r.outcome order by r.outcome`,
        [userId],
      ),
    ).toEqual([
      { outcome: 'created', n: many },
      { outcome: 'withdrawn', n: 1 },
    ]);
    expect(await rows(`select done, total from jobs where id = ?`, [jobId])).toEqual([{ done: many, total: many }]);
    expect(
      await rows(
        `select event, count(*)::int as n from audit_entries where actor_id = ? group by event order by event`,
        [userId],
      ),
    ).toEqual([
      { event: 'block.created', n: many },
      { event: 'block.withdrawn', n: 1 },
      { event: 'blocks.imported', n: 1 },
      { event: 'catalog.imported', n: 1 },
    ]);
    expect(await rows(`select done, total from jobs where id = ?`, [catalogJobId])).toEqual([
      { done: many, total: many },
    ]);
    expect(
      await rows(
        `select count(*)::int as artists, count(distinct i.provider_id)::int as ids, count(g.artist_id)::int as genres
         from artists a join artist_provider_ids i on i.artist_id = a.id left join artist_genres g on g.artist_id = a.id
         where i.provider = 'musicbrainz' and a.name like 'Newcomer %'
           and i.provider_id in (select jsonb_array_elements_text(?::jsonb))`,
        [JSON.stringify(newcomers)],
      ),
    ).toEqual([{ artists: many, ids: many, genres: many }]);
  },
  240_000,
);
