import fc from 'fast-check';
import { insertionsBetween } from '../../../domain/playlist-sequence';
import { countOf, Enforcer, ModelPlaylist, mustEqual } from './support/model-playlist';

const track = (letter: string) => `spotify:track:${letter}`;
const ofRunA = ['a', 'b', 'c'].map(track);
const ofRunB = ['d', 'e', 'c'].map(track);
const others = [...['u', 'v', 'w', 'x', 'y', 'z'].map(track), 'spotify:episode:p', 'spotify:local:q:r:s:1', null];
const runs: Readonly<Record<string, string[]>> = { A: ofRunA, B: ofRunB, C: ['a', 'u'].map(track) };

const playlists = fc.array(fc.constantFrom(...ofRunA, ...ofRunB, ...others), { maxLength: 24 });
const runName = fc.constantFrom('A', 'B', 'C');
const ours = fc.record({ kind: fc.constantFrom('run' as const, 'undo' as const), run: runName });
const edit = fc.record({
  kind: fc.constantFrom('insert' as const, 'remove' as const, 'move' as const),
  at: fc.nat(30),
  to: fc.nat(30),
  uri: fc.constantFrom(...ofRunA, ...ofRunB, ...['u', 'new', 'newer'].map(track)),
});
type Edit = { kind: 'insert' | 'remove' | 'move'; at: number; to: number; uri: string };
type Step = { kind: 'run' | 'undo'; run: string } | Edit;

/** What the person did, by URI. */
class Diary {
  readonly inserted: string[] = [];
  readonly removed: (string | null)[] = [];
}

function live(steps: readonly Step[], enforcer: Enforcer): Diary {
  const diary = new Diary();
  for (const step of steps) {
    if (step.kind === 'run') enforcer.run(step.run, runs[step.run] ?? []);
    else if (step.kind === 'undo') enforcer.undo(step.run);
    else applyEdit(step as Edit, enforcer.playlist, diary);
  }
  for (const run of ['B', 'A', 'C']) enforcer.undo(run);
  return diary;
}

function applyEdit({ kind, at, to, uri }: Edit, playlist: ModelPlaylist, diary: Diary): void {
  const length = playlist.items.length;
  if (kind === 'insert') {
    playlist.insert(at % (length + 1), [uri]);
    diary.inserted.push(uri);
  } else if (length === 0) return;
  else if (kind === 'remove') diary.removed.push(playlist.removeAt(at % length) ?? null);
  else playlist.move(at % length, to % length);
}

describe('any history of runs, rollbacks and edits', () => {
  test('without edits the playlist comes back exactly, whatever the order', () => {
    fc.assert(
      fc.property(playlists, fc.array(ours, { maxLength: 12 }), (uris, steps) => {
        const enforcer = new Enforcer(new ModelPlaylist(uris));
        live(steps, enforcer);
        mustEqual(enforcer.playlist.uris, uris);
        mustEqual(
          enforcer.sequence.some((entry) => entry.ghostOf !== null || entry.approximate),
          false,
        );
      }),
      { numRuns: 3000 },
    );
  });

  test('with edits nothing is lost or doubled', () => {
    fc.assert(
      fc.property(playlists, fc.array(fc.oneof(ours, edit), { maxLength: 16 }), (uris, steps) => {
        const enforcer = new Enforcer(new ModelPlaylist(uris));
        const diary = live(steps, enforcer);
        for (const uri of new Set([...uris, ...diary.inserted])) {
          const least = countOf(uris, uri) - countOf(diary.removed, uri);
          const copies = countOf(enforcer.playlist.uris, uri);
          mustEqual(copies >= least && copies <= least + countOf(diary.inserted, uri), true);
        }
        mustEqual(
          enforcer.sequence.some((entry) => entry.ghostOf !== null),
          false,
        );
      }),
      { numRuns: 4000 },
    );
  });

  test('with insertions and removals, but no moves, the original order holds', () => {
    const stranger = edit.filter((step) => step.kind !== 'move');
    fc.assert(
      fc.property(playlists, fc.array(fc.oneof(ours, stranger), { maxLength: 16 }), (uris, drawn) => {
        // Each insertion is of a track of its own: taking one out and putting it back elsewhere would be a move.
        const steps = drawn.map((step, n) =>
          step.kind === 'insert' ? { ...step, uri: track(`stranger-${n}`) } : step,
        );
        const enforcer = new Enforcer(new ModelPlaylist([...new Set(uris)]));
        const { inserted, removed } = live(steps, enforcer);
        const kept = [...new Set(uris)].filter((uri) => !removed.includes(uri));
        mustEqual(
          enforcer.playlist.uris.filter((uri) => uri === null || !inserted.includes(uri)),
          kept,
        );

        const growing = new Enforcer(new ModelPlaylist(uris));
        const added = live(
          steps.filter((step) => step.kind !== 'remove'),
          growing,
        ).inserted;
        mustEqual(
          growing.playlist.uris.filter((uri) => uri === null || !added.includes(uri)),
          uris,
        );
      }),
      { numRuns: 2000 },
    );
  });

  test('tracks the person put back by hand count as the ones taken out', () => {
    const readds = fc.array(fc.record({ at: fc.nat(30), uri: fc.constantFrom(...ofRunA, track('u')) }), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(playlists, readds, (uris, additions) => {
        const enforcer = new Enforcer(new ModelPlaylist(uris));
        enforcer.run('A', ofRunA);
        const { playlist } = enforcer;
        for (const { at, uri } of additions) playlist.insert(at % (playlist.items.length + 1), [uri]);
        enforcer.undo('A');
        const added = additions.map((addition) => addition.uri);
        for (const uri of ofRunA) {
          mustEqual(countOf(playlist.uris, uri), Math.max(countOf(uris, uri), countOf(added, uri)));
        }
        mustEqual(countOf(playlist.uris, track('u')), countOf(uris, track('u')) + countOf(added, track('u')));
      }),
      { numRuns: 2000 },
    );
  });

  test('a rollback that dies between two insertions is finished by the next without doubling', () => {
    fc.assert(
      fc.property(playlists, fc.array(ours, { maxLength: 6 }), runName, fc.nat(6), (uris, steps, run, landed) => {
        const enforcer = new Enforcer(new ModelPlaylist(uris));
        for (const step of steps) {
          if (step.kind === 'run') enforcer.run(step.run, runs[step.run] ?? []);
          else enforcer.undo(step.run);
        }
        enforcer.undo(run, landed);
        for (const each of [run, 'A', 'B', 'C']) enforcer.undo(each);
        mustEqual(enforcer.playlist.uris, uris);
      }),
      { numRuns: 2000 },
    );
  });

  test('insertions made one by one turn the live playlist into the target', () => {
    const entries = fc.array(fc.record({ uri: fc.constantFrom(...ofRunA, ...others), kept: fc.boolean() }), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 5 }), (all, limit) => {
        const target = new ModelPlaylist(all.map((entry) => entry.uri)).items;
        const playlist = new ModelPlaylist(all.flatMap(({ uri, kept }) => (kept || uri === null ? [uri] : [])));
        for (const { position, uris } of insertionsBetween(playlist.items, target, limit)) {
          mustEqual(uris.length <= limit, true);
          playlist.insert(position, uris);
        }
        mustEqual(
          playlist.uris,
          target.map((item) => item.uri),
        );
      }),
      { numRuns: 2000 },
    );
  });
});
