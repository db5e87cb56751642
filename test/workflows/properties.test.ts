import fc from 'fast-check';
import { expectDeclared } from '../support/declared-losses';
import { type Edit, editsOf, type EditSeed, editSeeds, OwnEdits } from '../support/own-edits';
import {
  type AppleEvent,
  appleEvents,
  appleLibraryFrom,
  type AppleLibraryShape,
  appleLibraryShapes,
  type OwnRating,
  OwnRatings,
} from '../support/random-apple-libraries';
import { libraryFrom, libraryShapes, type Palette, paletteOf, trackUri } from '../support/random-libraries';
import { type SandboxLibrary, shapeOf } from '../support/sandbox-admin';
import { type Person, startSystem, type System } from '../support/system';

/**
 * Random libraries and random histories through the real workflows. Each of the sandbox's people works through a share of
 * the runs; SEED repeats a series.
 */
const users = ['listener', 'second-listener', 'apple-listener', 'moderator', 'reviewer', 'admin'];
const runsEach = process.env.LONG ? 17 : 1;
/** Milliseconds: the long campaign shares its two cores with the crashes. */
const patience = process.env.LONG ? 3 * 3_600_000 : 600_000;
const seed = Number(process.env.SEED ?? Date.now() % 1_000_000_000);

let system: System;
let palette: Palette;
let people: { user: string; person: Person }[];
let marks = 0;
/** Runs that had something to do: a property that never runs anything holds of course. */
let worked = 0;

beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
  palette = paletteOf(await system.admin.tracks(5_000));
  people = [];
  for (const user of users) people.push({ user, person: await system.connect(user) });
}, 120_000);
afterAll(() => system?.close());

/** Lets everybody try a property at the same time, each with a seed of their own. */
async function everybody<T>(
  arbitrary: fc.Arbitrary<T>,
  holds: (who: { user: string; person: Person }, value: T) => Promise<void>,
): Promise<void> {
  await Promise.all(
    people.map((who, n) =>
      fc.assert(
        fc.asyncProperty(arbitrary, (value) => holds(who, value)),
        { numRuns: runsEach, seed: seed + n, endOnFailure: true },
      ),
    ),
  );
}

async function given({ user, person }: { user: string; person: Person }, library: SandboxLibrary): Promise<void> {
  await system.admin.setLibrary(user, library);
  await system.orm.em.fork().execute(`delete from blocks where user_id = ?`, [person.userId]);
  await person.sync();
}

/** Runs a plan to its end; null where there was nothing to do. */
async function enforced(person: Person, switches: Record<string, boolean> = {}): Promise<string | null> {
  const plan = await person.plan('standard', switches);
  const [items] = await system.orm.em
    .fork()
    .execute<{ count: string }[]>(
      `select count(*) as count from plan_items where plan_id = ? and included and action_type <> 'none'`,
      [plan.id],
    );
  if (items?.count === '0') return null;
  worked += 1;
  const { runId, jobId } = await person.execute(plan.id);
  await system.jobEnd(jobId);
  expect(await person.run(runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
  return runId;
}

async function undone(person: Person, runId: string | null): Promise<void> {
  if (!runId) return;
  const undo = await person.rollback(runId);
  await system.jobEnd(undo.jobId);
  expect(await person.run(undo.runId)).toMatchObject({ status: 'completed', receipt: { unexplained: 0 } });
}

test(
  `a random library: the run takes out exactly the artist, the rollback brings all back, each loss was declared (seed ${seed})`,
  async () => {
    const cases = fc.record({ shape: libraryShapes(palette), collaborative: fc.boolean() });
    await everybody(cases, async ({ user, person }, { shape, collaborative }) => {
      const library = libraryFrom(shape, palette, user, `library-${(marks += 1)}`);
      await given({ user, person }, library);
      const before = await system.admin.library(user);
      await person.block(palette.first.artistId);
      const runId = await enforced(person, { collaborativePlaylists: collaborative });

      const gone = new Set(palette.first.tracks.map(trackUri));
      const albums = new Set(palette.first.tracks.map((track) => track.albumId));
      const mayChange = (list: SandboxLibrary['playlists'][number]) =>
        list.ownerId === user || (list.collaborative && collaborative);
      const after = shapeOf(await system.admin.library(user));
      const wanted = shapeOf({
        likes: before.likes.filter((like) => !gone.has(`spotify:track:${like.trackId}`)),
        albums: before.albums.filter((album) => !albums.has(album.albumId)),
        follows: before.follows.filter((id) => id !== palette.first.artistId),
        playlists: before.playlists.map((list) =>
          mayChange(list) ? { ...list, items: list.items.filter((item) => !gone.has(item.uri ?? '')) } : list,
        ),
      });
      expect({ ...after, albums: [] }).toEqual({ ...wanted, albums: [] });
      expect(wanted.albums.filter((id) => !after.albums.includes(id))).toEqual([]);

      await undone(person, runId);
      const back = await system.admin.library(user);
      expect(shapeOf(back)).toEqual(shapeOf(before));
      if (runId) await expectDeclared(system, runId, before, back);
    });
  },
  patience,
);

test(
  `two runs, the person's own edits between, undone in either order: nothing lost, nothing doubled, the order kept (seed ${seed})`,
  async () => {
    const cases = fc.record({
      shape: libraryShapes(palette),
      edits: fc.array(editSeeds, { minLength: 4, maxLength: 4 }),
      secondFirst: fc.boolean(),
    });
    await everybody(cases, async ({ user, person }, { shape, edits, secondFirst }) => {
      const library = libraryFrom(shape, palette, user, `history-${(marks += 1)}`);
      await given({ user, person }, library);
      const before = await system.admin.library(user);
      const own = new OwnEdits(before, user, palette);
      const edit = async (seeds: EditSeed[] | undefined) => {
        for (const change of seeds ?? []) {
          const chosen: Edit | null = editsOf(change, own, await system.admin.library(user));
          if (chosen) await system.admin.edit(user, chosen.playlistId, chosen.edit);
        }
      };
      await edit(edits[0]);
      await person.block(palette.first.artistId);
      const one = await enforced(person);
      await edit(edits[1]);
      await person.block(palette.second.artistId);
      const two = await enforced(person);
      await edit(edits[2]);
      await undone(person, secondFirst ? two : one);
      await edit(edits[3]);
      await undone(person, secondFirst ? one : two);
      own.expectKept(await system.admin.library(user));
    });
  },
  patience,
);

test(
  `a random Apple Music library, runs, rollbacks and the person's own ratings in any order: at the end each rating is theirs (seed ${seed})`,
  async () => {
    const listeners = users.slice(0, process.env.LONG ? users.length : 2);
    const rows = <T>(sql: string, values: string[]) => system.orm.em.fork().execute<T[]>(sql, values);
    const cases = fc.record({ shape: appleLibraryShapes(palette), events: appleEvents, newestFirst: fc.boolean() });
    const holds = async (
      { user, person }: { user: string; person: Person },
      { shape, events, newestFirst }: { shape: AppleLibraryShape; events: AppleEvent[]; newestFirst: boolean },
    ) => {
      await system.admin.setAppleLibrary(user, appleLibraryFrom(shape, palette));
      await rows(`delete from blocks where user_id = ?`, [person.userId]);
      await person.sync();
      const { ratings: _, ...before } = await system.admin.appleLibrary(user);
      const now = async () => {
        const { ratings, ...rest } = await system.admin.appleLibrary(user);
        expect(rest).toEqual(before);
        return Object.fromEntries(ratings.map(({ type, id, value }) => [`${type}/${id}`, value as OwnRating]));
      };
      const own = new OwnRatings(await system.admin.appleLibrary(user));
      const uris = own.keys.map((key) => key.replace(/^song.\//, 'apple-music:song:'));
      const artists = await rows<{ provider_id: string }>(
        `select i.provider_id from tracks t join track_artists ta on ta.track_id = t.id join artist_provider_ids i on i.artist_id = ta.artist_id
          where i.provider = 'apple_music' and t.uri in (select jsonb_array_elements_text(?::jsonb)) group by 1 order by count(*) desc, 1 limit 2`,
        [JSON.stringify(uris)],
      );
      const open: string[] = [];
      const takeBack = async (runId: string) => {
        open.splice(open.indexOf(runId), 1);
        const [undoable] = await rows<{ n: number }>(
          `select count(*)::int as n from actions where run_id = ? and status = 'applied'`,
          [runId],
        );
        if (undoable?.n) await undone(person, runId);
        own.release(runId);
      };
      for (const event of [{ kind: 'run', artist: 0 } as const, ...events]) {
        const ratings = await now();
        if (event.kind === 'run') {
          await person.block(artists[event.artist % artists.length]?.provider_id ?? '');
          const runId = await enforced(person);
          if (!runId) continue;
          const done = await rows<{ uri: string; status: string }>(`select uri, status from actions where run_id = ?`, [
            runId,
          ]);
          const keys = (status?: string) =>
            done
              .filter((action) => !status || action.status === status)
              .map(({ uri }) => uri.replace(/^apple-music:(song|album):/, '$1s/'));
          expect(await now()).toEqual({ ...ratings, ...Object.fromEntries(keys().map((key) => [key, -1])) });
          own.hold(runId, new Set(keys('applied')));
          open.push(runId);
        } else if (event.kind === 'rate') {
          const key = own.keys[event.item % own.keys.length] ?? '';
          if ((ratings[key] ?? null) === event.value || !own.rate(key, event.value)) continue;
          const library = await system.admin.appleLibrary(user);
          const others = library.ratings.filter(({ type, id }) => `${type}/${id}` !== key);
          const [type = '', id = ''] = key.split('/');
          const mine = event.value === null ? [] : [{ type, id, value: event.value }];
          await system.admin.setAppleLibrary(user, { ...library, ratings: [...others, ...mine] });
        } else {
          const runId = open[event.run % (open.length || 1)];
          if (runId) await takeBack(runId);
        }
      }
      for (const runId of newestFirst ? [...open].reverse() : [...open]) await takeBack(runId);
      expect(await now()).toEqual(own.rated);
    };
    await Promise.all(
      listeners.map(async (user, n) => {
        const who = { user, person: await system.connectAppleMusic(user) };
        await fc.assert(
          fc.asyncProperty(cases, (value) => holds(who, value)),
          { numRuns: runsEach, seed: seed + n, endOnFailure: true },
        );
      }),
    );
  },
  patience,
);

afterAll(() => expect(worked).toBeGreaterThan(users.length));
