/** What can be made to go wrong, one flag each. */
export const mishapNames = ['kill-worker', 'rate-limit', 'lost-answer', 'edit-playlist'] as const;
export type MishapName = (typeof mishapNames)[number];

export interface DemoOptions {
  mishaps: MishapName[];
  /** The other story: of something that is said against an artist, and taken back. */
  appeal: boolean;
  /** Print each call as a curl line with its answer. */
  curl: boolean;
  help: boolean;
}

/** A command line that the demo doesn't know. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const usage = `Usage: npm run demo [-- FLAGS]

Drives a system that npm start has brought up, over HTTP only: signs in as the sandbox's listener, connects Spotify,
blocks three artists, plans, runs, rolls back, and compares the library before and after, item by item. Then the same
with the sandbox's apple-listener at Apple Music: ratings, a checklist, a copy of a playlist, and every rating given back.

  --kill-worker     kill -9 the worker in the middle of the run; it is started again and goes on from the journal
  --rate-limit      Spotify answers 429 with Retry-After in the middle of the run; the job waits and goes on
  --lost-answer     the answer to a playlist write gets lost during the rollback; nothing is written twice
  --edit-playlist   the person edits a playlist between run and rollback; the edit stays, the rest comes back
  --appeal          another story instead: something is said against an invented artist and verified, the listener goes by it,
                    somebody else appeals, it is reversed, and the listener gets back what went because of it. Nothing of the above goes wrong in it
  --curl            print each call as a curl line with its shortened answer
  --help            print this

Exit code: 0 when the libraries came back but for what was declared as lost, 1 otherwise, 2 for an unknown flag.
API_PORT and SANDBOX_PORT (8080 and 8090, from the environment or .env) say where the system is.
`;

/**
 * Reads the words after `npm run demo --`.
 *
 * @throws UsageError naming the first word that is no flag, or that does not go with `--appeal`
 */
export function readOptions(words: readonly string[]): DemoOptions {
  const options: DemoOptions = { mishaps: [], appeal: false, curl: false, help: false };
  for (const word of words) {
    const mishap = mishapNames.find((name) => word === `--${name}`);
    if (mishap) options.mishaps = [...new Set([...options.mishaps, mishap])];
    else if (word === '--appeal') options.appeal = true;
    else if (word === '--curl') options.curl = true;
    else if (word === '--help' || word === '-h') options.help = true;
    else throw new UsageError(`There is no flag "${word}".`);
  }
  if (options.appeal && options.mishaps.length > 0)
    throw new UsageError(`The flag "--${options.mishaps[0]}" does not go with "--appeal".`);
  return options;
}
