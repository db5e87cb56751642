import { isDeepStrictEqual } from 'node:util';
import type { Receipt } from '../../domain/receipt';
import { type SandboxLibrary, shapeOf } from './sandbox-admin';
import { ratingsOf } from './small-apple-library';
import type { Person, System } from './system';

/** What the library, a finished run that met no resistance, and its journal should be, and are not. */
export async function runDifferences(
  system: System,
  { user, person, runId, jobId }: { user: string; person: Person; runId: string; jobId: string },
  { library, lists, receipt }: { library: SandboxLibrary; lists: string[][]; receipt: Receipt },
): Promise<string[]> {
  const found: string[] = [];
  const compare = (name: string, actual: unknown, wanted: unknown) => {
    if (!isDeepStrictEqual(actual, wanted))
      found.push(`${user}: ${name} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`);
  };
  const run = await person.run(runId);
  const em = system.orm.em.fork();
  const ends = await em.execute<{ code: string; status: string; undone: string | null }[]>(
    `select distinct a.outcome_code as code, a.status, u.status as undone from actions a left join actions u on u.id = a.undoes_id where a.run_id = ? order by code`,
    [runId],
  );
  const listing: Readonly<Record<string, string>> = { list_removed_likes: 'listed', unlist_removed_likes: 'unlisted' };
  const kinds = await em.execute<{ action_type: string }[]>(
    `select distinct action_type from actions where run_id = ?`,
    [runId],
  );
  const codes = [
    receipt.removed > 0 ? 'removed' : 'restored',
    ...kinds.flatMap(({ action_type: type }) => listing[type] ?? []),
  ].sort();
  const undone = run.runType === 'rollback' ? 'undone' : null;
  const now = await system.admin.library(user);
  const isList = ({ name }: { name: string }) => /^Removed on \d{4}-\d\d-\d\d$/.test(name);
  const locks = await em.execute<unknown[]>(`select run_id from connection_locks where connection_id = ?`, [
    person.connectionId,
  ]);
  const others = now.playlists.filter((playlist) => !isList(playlist));
  compare('the library', shapeOf({ ...now, playlists: others }), shapeOf(library));
  const listed = now.playlists.filter(isList).map(({ items }) => items.map(({ uri }) => uri));
  compare('what is listed as removed', listed, lists);
  compare('the job', (await system.jobEnd(jobId)).status, 'completed');
  compare('the run', run.status, 'completed');
  compare('the receipt', run.receipt, receipt);
  const wantedEnds = codes.map((code) => ({ code, status: 'applied', undone }));
  compare('what became of the actions', ends, wantedEnds);
  compare('the lock', locks, []);
  return found;
}

/** The same of a run at Apple Music: what is rated how. */
export async function ratingDifferences(
  system: System,
  { user, person, runId, jobId }: { user: string; person: Person; runId: string; jobId: string },
  ratings: Readonly<Record<string, number>>,
): Promise<string[]> {
  const run = await person.run(runId);
  const pairs: [string, unknown, unknown][] = [
    ['the ratings', sorted(ratingsOf(await system.admin.appleLibrary(user))), sorted(ratings)],
    ['the job', (await system.jobEnd(jobId)).status, 'completed'],
    ['the run', run.status, 'completed'],
    ['unexplained', run.receipt?.unexplained, 0],
  ];
  return pairs.flatMap(([name, actual, wanted]) =>
    isDeepStrictEqual(actual, wanted)
      ? []
      : [`${user}: ${name} is ${JSON.stringify(actual)}, not ${JSON.stringify(wanted)}`],
  );
}

const sorted = (ratings: Readonly<Record<string, number>>) => Object.entries(ratings).sort();
