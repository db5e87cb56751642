import { block, candidateLine, isUsable, removeDemoBlocks } from '../block-artists';
import type { Browser } from '../browser';
import { type Candidate, tallyArtists } from '../choose-artists';
import type { ChecklistItem, LibraryItem, Page, PlanItem, RollbackPreview } from '../contract';
import { DemoFailure } from '../demo-failure';
import { followJob } from '../follow-job';
import { readOccurrences } from '../listener-library';
import { makePlan } from '../make-plan';
import type { SandboxAppleLibrary } from '../sandbox';
import { lossesIn, showRun } from '../show-run';
import type { Story } from '../story';
import { textTable } from '../text-table';
import { bringBack } from '../unfinished-run';
import { chooseByRatings } from './choose-artists';
import { connectAppleMusic } from './connect';
import { copyMade, takeCopiesOut } from './copies';
import { ratingDifferences, ratingRows, ratingsIn } from './ratings';

/** What the act needs; `browser` is the one that the person uses. */
export interface AppleMusicAct extends Pick<Story, 'say' | 'person' | 'sandbox' | 'screen' | 'putBack' | 'user'> {
  browser: Browser;
}

/**
 * The Apple Music listener, from connecting to the comparison of the ratings.
 *
 * @throws DemoFailure where a step does not end well, or a rating is not what it was
 */
export async function tellAppleMusicAct(act: AppleMusicAct): Promise<void> {
  const { say, person, sandbox, user, screen, putBack } = act;
  say('\n8  Another listener signs in and connects Apple Music');
  const connectionId = await signInAndConnect(act);
  const before = await sandbox.appleLibrary(user);

  say('\n9  Block artists of whom songs are loved, rated "Suggest Less", and not rated, and plan');
  await removeDemoBlocks(person);
  const artists = await chooseArtists(act, connectionId, before);
  await block(person, artists, putBack);
  for (const artist of artists) say(`  ${candidateLine(artist)}`);
  const { plan, items } = await makePlan(act, connectionId, 2);
  await tickOne(act, plan.id);
  const copied = await askForCopy(act, plan.id, items);

  say('\n10 Run it: Apple lets an app rate and make playlists, and delete nothing');
  putBack.add('take the copy out of the library', () => takeCopiesOut(act, before));
  const seenToItsEnd = putBack.add('give the ratings back', () => bringBack(person, plan.id, say));
  const started = await person.post<{ runId: string; jobId: string }>(`enforcement/plans/${plan.id}/execute`, {
    confirm: true,
  });
  await followJob(person, started.jobId, { label: 'Run', screen });
  await showRun(act, started.runId);
  const afterRun = await sandbox.appleLibrary(user);
  say(`  ${copyMade(before, afterRun, { copied, items })}`);

  say('\n11 Roll it back');
  const preview = await person.post<RollbackPreview>(`enforcement/runs/${started.runId}/rollback-preview`);
  say(
    `  To undo: ${preview.total} ratings. Lost: ${lossesIn(preview.byLoss)}. The copy stays: only you can delete it.`,
  );
  const undo = await person.post<{ runId: string; jobId: string }>(`enforcement/runs/${started.runId}/rollback`);
  await followJob(person, undo.jobId, { label: 'Rollback', screen });
  seenToItsEnd();
  await showRun(act, undo.runId);

  say('\n12 Compare the ratings before and after');
  compare(act, { before, afterRun, after: await sandbox.appleLibrary(user) }, items);
}

async function signInAndConnect({ say, person, browser, user, screen }: AppleMusicAct): Promise<string> {
  await person.agree('auth/google', user);
  say(`  Signed in as the sandbox's ${user}.`);
  const { connection, jobId } = await connectAppleMusic({ person, browser }, user);
  await followJob(person, jobId, { label: 'Sync', screen });
  const { library, health } = await person.get<typeof connection>(`connections/${connection.id}`);
  if (health !== 'healthy') throw new DemoFailure(`The connection is ${health} right after it was made.`);
  if (library) say(`  ${library.likes} songs, ${library.albums} albums, ${library.playlists} playlists.`);
  return connection.id;
}

async function chooseArtists(
  { person }: AppleMusicAct,
  connectionId: string,
  library: SandboxAppleLibrary,
): Promise<Candidate[]> {
  const candidates = tallyArtists(await readOccurrences(person, connectionId));
  const songs = await person.all<LibraryItem>(`connections/${connectionId}/library?kind=likes`);
  const without = new Set<string>();
  for (;;) {
    const chosen = chooseByRatings(candidates, songs, ratingsIn(library), without);
    if (chosen.length < 3) throw new DemoFailure('The library has too few rated songs to show how they come back.');
    const usable = await Promise.all(chosen.map(({ id, name }) => isUsable(person, id, name)));
    const unusable = chosen.filter((_, place) => !usable[place]);
    if (unusable.length === 0) return chosen;
    for (const { id } of unusable) without.add(id);
  }
}

async function tickOne({ say, person }: AppleMusicAct, planId: string): Promise<void> {
  const path = `enforcement/plans/${planId}/checklist`;
  const [first] = (await person.get<Page<ChecklistItem>>(`${path}?limit=1`)).items;
  if (!first) throw new DemoFailure('The checklist is empty, though a playlist holds what is blocked.');
  await person.patch(`${path}/${first.id}`, { done: true });
  const { counts } = await person.get<{ counts: { total: number; done: number } }>(`${path}?limit=1`);
  say(`  Checklist: ${counts.total} tracks to remove by hand; ticked off: ${first.name} (${counts.done}).`);
  if (counts.done !== 1) throw new DemoFailure('The item that was ticked off does not count as done.');
}

/** Includes one copy in the plan: none is made that nobody asked for. */
async function askForCopy({ person }: AppleMusicAct, planId: string, items: readonly PlanItem[]): Promise<PlanItem> {
  const copy = items.find(({ itemType }) => itemType === 'playlist_copy');
  if (!copy) throw new DemoFailure('The plan offers no copy of a playlist.');
  await person.patch(`enforcement/plans/${planId}/items`, { itemIds: [copy.id], included: true });
  return copy;
}

function compare(
  { say }: AppleMusicAct,
  { before, afterRun, after }: Record<'before' | 'afterRun' | 'after', SandboxAppleLibrary>,
  items: readonly PlanItem[],
): void {
  const uris = items.flatMap(({ itemType, uri, included }) => (included && itemType.startsWith('rated_') ? uri : []));
  const moments = { before: ratingsIn(before), afterRun: ratingsIn(afterRun), after: ratingsIn(after) };
  const rows = ratingRows(uris, moments).map((row) => [row.before, String(row.count), row.afterRun, row.afterRollback]);
  for (const line of textTable(['rated before', 'songs and albums', 'after run', 'after rollback'], rows)) say(line);
  const differences = ratingDifferences(moments.before, moments.after);
  for (const line of differences) say(`  ${line}`);
  if (differences.length > 0) throw new DemoFailure('A rating is not what it was.');
  say(`\n  All ${moments.before.size} ratings of the library are what they were, and what had none has none.`);
}
