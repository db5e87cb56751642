import { setTimeout as wait } from 'node:timers/promises';
import { cameBack, compareLibraries } from '../compare-libraries';
import { faults, itemsTable, partsTable } from '../comparison-tables';
import type { Action, Artist, Page, PlanItem } from '../contract';
import { DemoFailure } from '../demo-failure';
import { followJob } from '../follow-job';
import { declaredLosses } from '../losses';
import { makePlan } from '../make-plan';
import type { Person } from '../person';
import type { SandboxLibrary } from '../sandbox';
import { lossesIn, showRun } from '../show-run';
import { connectSpotify, signIn } from '../sign-in-and-connect';
import type { Story } from '../story';
import { gatherCast } from './cast';
import type { Notification, Offense, SourceRestore, StartedSourceRestore } from './contract';
import { inventedName, putInventedSongs } from './invented-songs';
import { appeal, freeCategory, reverse, submit, verify } from './proceedings';

export interface AppealStory extends Omit<Story, 'person' | 'mishaps'> {
  /** Somebody with a browser of their own. */
  visitor: () => Person;
}

type Scene = Omit<Story, 'mishaps'>;

/** Telling goes by the clock, once a minute. Milliseconds. */
const patience = 180_000;

/**
 * Something is said against an invented artist and verified, the listener goes by it, somebody else appeals, and it is reversed down to
 * the listener's library.
 *
 * @throws DemoFailure where a step does not end well, or the library did not come back but for what was declared as lost
 */
export async function tellAppealStory(story: AppealStory): Promise<void> {
  const { say, visitor, sandbox, user } = story;
  const scene: Scene = { ...story, person: visitor() };
  const { person } = scene;
  say('\n1  Sign in: a listener, somebody else, a moderator and a reviewer');
  await signIn(scene);
  const { moderator, reviewer, appellant } = await gatherCast(story);

  say(`\n2  Connect Spotify, with songs of ${inventedName} in the library, who do not exist`);
  const before = await putInventedSongs(story);
  const connection = await connectSpotify(scene);
  const artist = await inventedArtist(person);
  say(`  ${artist.name}: ${artist.inLibrary.tracks} songs, in ${artist.inLibrary.playlists} playlists.`);

  say(
    '\n3  Submit what a source reports of them; a moderator who is not the submitter finds that the source supports it',
  );
  const category = await freeCategory(person, artist.id);
  const offense = await submit(person, artist, category);
  const decisionId = await verify(moderator, offense.id);
  await showOffense(scene, offense.id, 'sources_verified');

  say(`\n4  Go by the category "${category}", plan and run`);
  story.putBack.add('stop going by the category', () => person.delete(`category-subscriptions/${category}`));
  await person.put(`category-subscriptions/${category}`);
  const { runId, items } = await takeOut(scene, connection.id);
  const afterRun = await sandbox.library(user);

  say('\n5  Somebody else appeals; until that is decided, the entry is contested');
  const { id: appealId, deadlineAt } = await appeal(appellant, decisionId);
  say(`  To be decided by ${deadlineAt.slice(0, 16).replace('T', ' ')} UTC, or it is escalated.`);
  await showOffense(scene, offense.id, 'contested');

  say('\n6  A reviewer who had no part in it reverses the decision');
  await reverse(reviewer, appealId);
  await showOffense(scene, offense.id, 'rejected');

  say('\n7  The listener is told, within a minute or two, and brings back just what went because of it');
  const { text, path } = await toldOfWithdrawal(person, offense.id);
  say(`  ${text}`);
  const runIds = await bringBackOffered(scene, path);

  say('\n8  Compare the library before and after');
  const after = await sandbox.library(user);
  await compare(scene, { before, afterRun, after }, { items, runIds: [runId, ...runIds] });
}

async function inventedArtist(person: Person): Promise<Artist> {
  const { items } = await person.get<Page<Artist>>(`artists?query=${encodeURIComponent(inventedName)}`);
  const artist = items.find(({ name, inLibrary }) => name === inventedName && inLibrary.tracks > 0);
  if (!artist) throw new DemoFailure(`${inventedName} is not in the library that was read.`);
  return artist;
}

async function showOffense({ say, person }: Scene, id: string, expected: Offense['status']): Promise<void> {
  const { status, statusMeaning } = await person.get<Offense>(`offenses/${id}`);
  say(`  The entry is ${status}${statusMeaning ? `: ${statusMeaning}` : '.'}`);
  if (status !== expected) throw new DemoFailure(`The entry is ${status} and should be ${expected}.`);
}

async function takeOut(scene: Scene, connectionId: string) {
  const { person, screen } = scene;
  const { plan, items } = await makePlan(scene, connectionId);
  const { runId, jobId } = await person.post<{ runId: string; jobId: string }>(`enforcement/plans/${plan.id}/execute`, {
    confirm: true,
  });
  await followJob(person, jobId, { label: 'Run', screen });
  await showRun(scene, runId);
  return { runId, items };
}

/** The notification about this entry; what earlier demos were told of may be unread. */
async function toldOfWithdrawal(person: Person, offenseId: string): Promise<{ text: string; path: string }> {
  const seen = new Set<string>();
  for (const end = Date.now() + patience; Date.now() < end; await wait(2_000)) {
    const { items } = await person.get<Page<Notification>>('me/notifications?unread=true&limit=100');
    for (const { id, type, href, text } of items) {
      if (type !== 'source.withdrawn' || href === null || seen.has(id)) continue;
      seen.add(id);
      const path = href.replace('/api/v1/', '');
      const { source } = await person.get<SourceRestore>(path);
      if (source.offenseId !== offenseId) continue;
      await person.post(`me/notifications/${id}/read`);
      return { text, path };
    }
  }
  throw new DemoFailure(`The listener was told nothing within ${patience / 1_000} s.`);
}

async function bringBackOffered({ say, person, screen }: Scene, path: string): Promise<string[]> {
  const { total, exact, byLoss, skippedTotal } = await person.get<SourceRestore>(path);
  say(
    `  To bring back: ${total} items, ${exact} of them without any loss, ${skippedTotal} stay out. Lost: ${lossesIn(byLoss)}`,
  );
  const { runs } = await person.post<StartedSourceRestore>(path);
  for (const { runId, jobId } of runs) {
    await followJob(person, jobId, { label: 'Rollback', screen });
    await showRun({ say, person }, runId);
  }
  return runs.map(({ runId }) => runId);
}

async function compare(
  { say, person }: Scene,
  moments: { before: SandboxLibrary; afterRun: SandboxLibrary; after: SandboxLibrary },
  { items, runIds }: { items: readonly PlanItem[]; runIds: readonly string[] },
): Promise<void> {
  const actions = await Promise.all(runIds.map((runId) => person.all<Action>(`enforcement/runs/${runId}/actions`)));
  const declared = declaredLosses(actions.flat());
  const parts = compareLibraries(moments.before, moments.after, declared);
  const included = items.filter((item) => item.included);
  for (const line of itemsTable(included, moments, declared)) say(line);
  say('');
  for (const line of partsTable(parts, moments)) say(line);
  if (cameBack(parts)) return say('\n  The library is what it was, but for what was declared as lost.');
  for (const line of faults(parts)) say(`  ${line}`);
  throw new DemoFailure('The library differs from what it was in things that nobody declared as lost.');
}
