import type { MishapName } from '../options';
import { editPlaylist } from './edit-playlist';
import { killWorker } from './kill-worker';
import { lostAnswer } from './lost-answer';
import type { Mishap, Stage } from './mishap';
import { rateLimit } from './rate-limit';

/** In the order in which their faults are set: the sandbox applies the first that fits, so the one that fits most is last. */
const mishaps: readonly (readonly [MishapName, (stage: Stage) => Mishap])[] = [
  ['rate-limit', rateLimit],
  ['lost-answer', lostAnswer],
  ['edit-playlist', editPlaylist],
  ['kill-worker', killWorker],
];

/** What was asked to go wrong, ready to happen. */
export function makeMishaps(names: readonly MishapName[], stage: Stage): Mishap[] {
  return mishaps.filter(([name]) => names.includes(name)).map(([, make]) => make(stage));
}
