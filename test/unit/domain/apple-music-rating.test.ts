import fc from 'fast-check';
import { dislikeStep, rerateStep, type Rating } from '../../../domain/apple-music-rating';

const ratings: readonly Rating[] = [1, -1, null];

describe('what a run does about a rating', () => {
  test.each<[string, Parameters<typeof dislikeStep>[0], string]>([
    ['none yet', { now: null, before: null, begun: false }, 'write -1'],
    ['a love', { now: 1, before: null, begun: false }, 'write -1'],
    ['a dislike of the person’s own stays theirs', { now: -1, before: null, begun: false }, 'skipped already_disliked'],
    ['what its own lost write has left', { now: -1, before: null, begun: true }, 'applied disliked'],
    ['what its own lost write has left of a love', { now: -1, before: 1, begun: true }, 'applied disliked'],
    ['a write that never arrived', { now: 1, before: 1, begun: true }, 'write -1'],
    ['a love that came in between', { now: 1, before: null, begun: true }, 'skipped changed_since'],
  ])('%s', (_story, about, step) => expect(inShort(dislikeStep(about))).toBe(step));
});

describe('what a rollback does about a rating', () => {
  test.each<[string, Parameters<typeof rerateStep>[0], string]>([
    ['no rating before: none again, and no love', { now: -1, before: null, begun: false }, 'write null'],
    ['a love before', { now: -1, before: 1, begun: false }, 'write 1'],
    ['the person has taken it back already', { now: null, before: null, begun: false }, 'skipped already_present'],
    ['its own lost write has taken it back', { now: 1, before: 1, begun: true }, 'applied restored'],
    ['the person has come to love it', { now: 1, before: null, begun: false }, 'skipped changed_since'],
    ['the person no longer loves it', { now: null, before: 1, begun: true }, 'skipped changed_since'],
  ])('%s', (_story, about, step) => expect(inShort(rerateStep(about))).toBe(step));
});

test('whatever the ratings were, whoever died on the way and whatever the person said later: all comes back but their own word', () => {
  const rating = fc.constantFrom(...ratings);
  const crashes = fc.constantFrom('no', 'before the write', 'after the write');
  fc.assert(
    fc.property(rating, crashes, crashes, fc.option(rating, { nil: undefined }), (was, inRun, inRollback, later) => {
      const run = carriedOut(was, (about) => dislikeStep(about), { before: null, dies: inRun });
      if (run.code === 'already_disliked') return expect(run.now).toBe(-1);
      expect([run.code, run.now]).toEqual(['disliked', -1]);
      const before = later === undefined ? run.now : later;
      const undo = carriedOut(before, (about) => rerateStep({ ...about, before: was }), {
        before: was,
        dies: inRollback,
      });
      expect(undo.now).toBe(before === -1 ? was : before);
    }),
  );
});

/** One action as the activities do it: look, note, write, look; a death in between has it done once more from the beginning. */
function carriedOut(
  from: Rating,
  stepOf: (about: { now: Rating; before: Rating; begun: boolean }) => ReturnType<typeof dislikeStep>,
  { before, dies }: { before: Rating; dies: 'no' | 'before the write' | 'after the write' },
): { now: Rating; code: string } {
  let now = from;
  let noted = before;
  for (let attempt = 1; attempt < 4; attempt += 1) {
    const step = stepOf({ now, before: noted, begun: attempt > 1 });
    if (step.step !== 'write') return { now, code: step.code };
    if (attempt === 1) noted = now;
    if (attempt === 1 && dies === 'before the write') continue;
    now = step.to;
    if (attempt > 1 || dies === 'no') return { now, code: now === -1 ? 'disliked' : 'restored' };
  }
  throw new Error('it never ends');
}

const inShort = (step: ReturnType<typeof dislikeStep>) =>
  step.step === 'write' ? `write ${step.to}` : `${step.step} ${step.code}`;
