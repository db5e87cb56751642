import fc from 'fast-check';
import { currentArtistIds } from '../../../adapters/postgres/current-artists';
import { startHarness, type Harness } from './harness';
import { type Holding, MergeStage, type SmallCatalog } from './merge-stage';

let harness: Harness;
let stage: MergeStage;
beforeAll(async () => {
  harness = await startHarness();
  const people = [];
  for (let n = 0; n < 3; n += 1) people.push((await harness.person()).id);
  stage = new MergeStage(harness.api.deps.orm, people);
});
afterAll(() => harness.api.close());

const size = 4;
const artist = fc.nat({ max: size - 1 });
const word = fc.constantFrom('Nobody', 'No Body', 'Keiner');
const credits = fc.array(fc.uniqueArray(artist, { minLength: 1, maxLength: size }), { maxLength: 4 });
const catalog: fc.Arbitrary<SmallCatalog> = fc.record({
  artists: fc.array(
    fc.record({
      name: word,
      image: fc.boolean(),
      disambiguation: fc.boolean(),
      ids: fc.nat({ max: 2 }),
      aliases: fc.subarray(['Nobody', 'No Body', 'Nemo']),
      genres: fc.subarray(['noise', 'silence']),
    }),
    { minLength: size, maxLength: size },
  ),
  tracks: credits,
  albums: credits,
  holdings: fc.uniqueArray(
    fc.record<Holding>({
      person: fc.nat({ max: 2 }),
      artist,
      kind: fc.constantFrom('block', 'exception'),
      ends: fc.constantFrom('never', 'past', 'future'),
    }),
    { selector: ({ person, artist: whom, kind }) => `${person} ${whom} ${kind}`, maxLength: 12 },
  ),
});

/** Whom each person keeps out, by whom these are now. */
async function blockedNow(ids: readonly string[]): Promise<string[]> {
  const current = await currentArtistIds(stage.em, ids);
  const rows = await stage.query<{ user_id: string; artist_id: string }>(
    `select user_id, artist_id from blocks where expires_at is null or expires_at > now()`,
  );
  const mine = new Set(ids.map(current));
  return rows.filter((row) => mine.has(row.artist_id)).map((row) => `${row.user_id} ${row.artist_id}`);
}

test('whatever there is and however they were merged: undone in any order, every row is as it was', async () => {
  const steps = fc.array(fc.tuple(artist, artist), { minLength: 1, maxLength: 4 });
  const order = fc.array(fc.nat(), { minLength: 4, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(catalog, steps, order, async (given, pairs, seeds) => {
      const ids = await stage.fill(given);
      const before = await stage.everything(ids);
      const wanted = (await blockedNow(ids)).map((row) => row.split(' '));
      const merges: string[] = [];
      for (const [one, other] of pairs) {
        const made = await stage.propose(ids[one]!, ids[other]!);
        if (made.outcome === 'applied') merges.push(made.mergeId);
        const current = await currentArtistIds(stage.em, ids);
        const kept = new Set(wanted.map(([who, whom]) => `${who} ${current(whom!)}`));
        expect((await blockedNow(ids)).sort()).toEqual([...kept].sort());
        expect(await stage.dangling()).toEqual([]);
      }
      while (merges.length > 0) {
        const [next] = merges.splice((seeds[merges.length - 1] ?? 0) % merges.length, 1);
        await stage.undo(next!);
        expect(await stage.dangling()).toEqual([]);
      }
      expect(await stage.everything(ids)).toEqual(before);
    }),
    { numRuns: process.env.LONG ? 400 : 5 },
  );
}, 600_000);
