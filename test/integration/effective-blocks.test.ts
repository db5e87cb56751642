import fc from 'fast-check';
import {
  blockedAmong,
  type BlockPlace,
  effectiveBlocksAfter,
  loadEffectiveDecisions,
} from '../../adapters/postgres/effective-blocks';
import { newId } from '../../adapters/postgres/ids';
import { type EntityManager, type MikroORM, openOrm } from '../../adapters/postgres/orm';
import { decidersAbout } from '../../adapters/postgres/plans';
import type { BlockSource } from '../../domain/blocks';
import type { OffenseCategory, OffenseStatus } from '../../domain/offenses';
import { createTestDatabase, type TestDatabase } from '../support/engines';
import { FollowedRows, type Restriction } from './api-enforcement/followed-rows';

let database: TestDatabase;
let orm: MikroORM;
let artists: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  orm = await openOrm(database.url, { max: 1 });
  artists = Array.from({ length: 6 }, newId);
  for (const [n, id] of artists.entries())
    await orm.em
      .fork()
      .execute(`insert into artists (id, name, folded_name, name_key) values (?, ?, ?, ?)`, [id, `A${n}`, '', `a${n}`]);
});
afterAll(async () => {
  await orm.close(true);
});

const categories = ['fraud', 'hate_speech'] as const satisfies OffenseCategory[];
type Moderated = 'withdrawn' | Restriction;

interface Situation {
  own: { artist: number; at: number; ends: 'never' | 'past' | 'later' }[];
  kept: { artist: number; at: number }[];
  lists: {
    versions: { artists: number[]; published: boolean; hoursOld: number }[];
    latest: number | null;
    follows: 'nobody' | 'latest' | 1 | 2;
    restriction: Restriction;
    moderated: { artist: number; how: Moderated }[];
  }[];
  followed: OffenseCategory[];
  offenses: { artist: number; category: OffenseCategory; status: OffenseStatus; restriction: Restriction }[];
  offensesOn: boolean;
}

const artist = fc.nat({ max: 5 });
const once = <T>(of: fc.Arbitrary<T>, key: (one: T) => unknown, maxLength: number) =>
  fc.uniqueArray(of, { selector: key, maxLength });
const restriction = fc.constantFrom<Restriction>('none', 'none', 'past', 'now', 'forever');
const situations: fc.Arbitrary<Situation> = fc.record({
  own: once(
    fc.record({ artist, at: fc.nat({ max: 9 }), ends: fc.constantFrom('never', 'past', 'later') }),
    ({ artist }) => artist,
    3,
  ),
  kept: once(fc.record({ artist, at: fc.nat({ max: 9 }) }), ({ artist }) => artist, 3),
  lists: fc.array(
    fc.record({
      versions: fc.array(
        fc.record({
          artists: fc.uniqueArray(artist, { maxLength: 4 }),
          published: fc.integer({ min: 0, max: 5 }).map((n) => n > 0),
          hoursOld: fc.constantFrom(1, 60),
        }),
        { minLength: 2, maxLength: 2 },
      ),
      latest: fc.constantFrom(null, 1, 2, 2),
      follows: fc.constantFrom<Situation['lists'][number]['follows']>('nobody', 'latest', 'latest', 1, 2),
      restriction,
      moderated: once(
        fc.record({ artist, how: fc.constantFrom<Moderated>('withdrawn', 'past', 'now') }),
        ({ artist }) => artist,
        2,
      ),
    }),
    { maxLength: 3 },
  ),
  followed: fc.subarray([...categories]),
  offenses: fc.array(
    fc.record({
      artist,
      category: fc.constantFrom(...categories),
      status: fc.constantFrom<OffenseStatus>('pending', 'sources_verified', 'rejected', 'contested'),
      restriction: fc.constantFrom<Restriction>('none', 'none', 'past', 'now'),
    }),
    { maxLength: 6 },
  ),
  offensesOn: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
});

interface Expected {
  sources: BlockSource[];
  contested: boolean;
}

interface Stored {
  userId: string;
  listIds: string[];
  offenseIds: string[];
}

const takesEffect = (restricted: Restriction) => restricted === 'none' || restricted === 'past';

/**
 * What the design says of one artist, in plain words: who speaks against it, less what the person keeps. `unattended`: where an entry has to stand
 * in an older version, too.
 */
function expectedOf(
  of: Situation,
  { listIds, offenseIds }: Stored,
  n: number,
  { unattended }: { unattended: boolean },
): Expected | null {
  const own = of.own.find(({ artist, ends }) => artist === n && ends !== 'past');
  const kept = of.kept.find(({ artist }) => artist === n);
  if (kept && !(own && own.at > kept.at)) return null;
  const sources: BlockSource[] = own ? [{ kind: 'own' }] : [];
  of.lists.forEach((list, at) => {
    const number = list.follows === 'latest' ? list.latest : list.follows;
    if (list.follows === 'nobody' || number === null || number === 'nobody' || !takesEffect(list.restriction)) return;
    const version = list.versions[number - 1]!;
    const how = list.moderated.find(({ artist }) => artist === n)?.how ?? 'none';
    if (!version.published || !version.artists.includes(n) || how === 'withdrawn' || how === 'now') return;
    const settled = [number, number - 1].find((older) => {
      const one = list.versions[older - 1];
      return one?.published && (!unattended || one.hoursOld > 48);
    });
    if (settled === undefined || !list.versions[settled - 1]!.artists.includes(n)) return;
    sources.push({ kind: 'list', listId: listIds[at]!, version: settled });
  });
  const offensesIn = (category: OffenseCategory, status: OffenseStatus) =>
    of.offenses.flatMap((offense, at) =>
      of.offensesOn &&
      of.followed.includes(category) &&
      offense.artist === n &&
      offense.category === category &&
      offense.status === status &&
      takesEffect(offense.restriction)
        ? [offenseIds[at]!]
        : [],
    );
  const speaking = (status: OffenseStatus): BlockSource[] =>
    categories.flatMap((category) => {
      const ids = offensesIn(category, status);
      return ids.length > 0 ? [{ kind: 'category' as const, category, offenseIds: ids }] : [];
    });
  const firm = [...sources, ...speaking('sources_verified')];
  if (firm.length > 0) return { sources: firm, contested: false };
  const contested = speaking('contested');
  return contested.length > 0 ? { sources: contested, contested: true } : null;
}

async function store(em: EntityManager, of: Situation): Promise<Stored> {
  const rows = new FollowedRows(em);
  const userId = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [userId]);
  const ends = { never: 'null', past: `now() - interval '1 hour'`, later: `now() + interval '1 hour'` };
  const day = (at: number) => `2026-01-0${at + 1}T00:00:00Z`;
  for (const block of of.own)
    await em.execute(
      `insert into blocks (user_id, artist_id, created_at, expires_at) values (?, ?, ?, ${ends[block.ends]})`,
      [userId, artists[block.artist], day(block.at)],
    );
  for (const { artist, at } of of.kept)
    await em.execute(
      `insert into exceptions (id, user_id, subject_type, subject_id, created_at) values (?, ?, 'artist', ?, ?)`,
      [newId(), userId, artists[artist], day(at)],
    );
  const listIds: string[] = [];
  for (const { versions, latest, restriction, moderated, follows } of of.lists) {
    const id = await rows.list({
      versions: versions.map(({ artists: on, published, hoursOld }) => ({
        hoursOld,
        artistIds: on.map((n) => artists[n]!),
        state: published ? 'published' : 'rejected',
      })),
      latest,
      restriction,
    });
    listIds.push(id);
    for (const { artist, how } of moderated) await rows.decideEntry(id, artists[artist]!, how);
    if (follows !== 'nobody') await rows.follow(userId, id, { version: follows === 'latest' ? null : follows });
  }
  await em.execute(`delete from offenses`);
  const offenseIds: string[] = [];
  for (const { artist, category, ...rest } of of.offenses)
    offenseIds.push(await rows.offense(artists[artist]!, category, rest));
  for (const category of of.followed) await rows.followCategory(userId, category);
  await rows.switchOffenses(of.offensesOn);
  return { userId, listIds, offenseIds };
}

/** The same whatever order sources and offenses are named in. */
const plain = ({ sources, contested }: Expected) => ({
  contested,
  sources: sources
    .map((source) =>
      JSON.stringify('offenseIds' in source ? { ...source, offenseIds: source.offenseIds.sort() } : source),
    )
    .sort(),
});

async function pagesOf(em: EntityManager, userId: string, limit: number) {
  const found: { artistId: string; own: boolean; block: Expected }[] = [];
  for (let after: BlockPlace | null = null; ;) {
    const page = await effectiveBlocksAfter(em, { userId, now: new Date(), after, limit });
    found.push(...page.map(({ block, place }) => ({ artistId: block.artistId, own: place.createdAt !== null, block })));
    if (page.length < limit) return found;
    after = page.at(-1)?.place ?? null;
  }
}

test('what holds is what the person, their lists and their categories say, less what they keep', async () => {
  await fc.assert(
    fc.asyncProperty(
      situations,
      fc.integer({ min: 1, max: 3 }),
      fc.subarray([0, 1, 2, 3, 4, 5]),
      async (of, limit, some) => {
        const em = orm.em.fork();
        const stored = await store(em, of);
        const { userId } = stored;
        const expectedWhere = (unattended: boolean) =>
          new Map(
            artists.flatMap((id, n): [string, Expected][] => {
              const one = expectedOf(of, stored, n, { unattended });
              return one ? [[id, one]] : [];
            }),
          );
        const expected = expectedWhere(false);
        const plainly = (of: Iterable<[string, Expected]>) =>
          Object.fromEntries([...of].map(([id, one]) => [id, plain(one)]));

        const whole = await loadEffectiveDecisions(em, userId, new Date());
        expect(plainly(whole.artists.map((block) => [block.artistId, block]))).toEqual(plainly(expected));
        const unattended = await loadEffectiveDecisions(em, userId, new Date(), { listHours: 48 });
        expect(plainly(unattended.artists.map((block) => [block.artistId, block]))).toEqual(
          plainly(expectedWhere(true)),
        );
        const asked = some.map((n) => artists[n]!);
        expect([...(await blockedAmong(em, userId, asked))].sort()).toEqual(
          asked.filter((id) => expected.get(id)?.contested === false).sort(),
        );
        const pages = await pagesOf(em, userId, limit);
        expect(pages).toHaveLength(expected.size);
        expect(plainly(pages.map(({ artistId, block }) => [artistId, block]))).toEqual(plainly(expected));
        const behind = pages.filter(({ own }) => !own).map(({ artistId }) => artistId);
        expect(behind).toEqual([...behind].sort());
        expect(pages.slice(0, pages.length - behind.length).every(({ own }) => own)).toBe(true);

        for (const [id, { sources }] of expected) {
          const deciders = await em.execute<{ user_id: string }[]>(decidersAbout('(?)'), [id, id, id, id]);
          expect([id, sources.length, deciders.some((row) => row.user_id === userId)]).toEqual([
            id,
            sources.length,
            true,
          ]);
        }
      },
    ),
    { numRuns: process.env.LONG ? 300 : 30 },
  );
});
