import { blockThree, candidateLine, removeDemoBlocks } from './block-artists';
import { compareLibraries, cameBack } from './compare-libraries';
import { faults, itemsTable, partsTable } from './comparison-tables';
import type { Action, RollbackPreview } from './contract';
import { DemoFailure } from './demo-failure';
import { followJob } from './follow-job';
import { declaredLosses } from './losses';
import type { Mishap, Scene, Stage } from './mishaps/mishap';
import type { Person } from './person';
import { makePlan } from './make-plan';
import type { Screen } from './progress-bar';
import { lossesIn, showRun } from './show-run';
import { connectSpotify, signIn } from './sign-in-and-connect';
import { bringBack } from './unfinished-run';

export interface Story extends Stage {
  person: Person;
  screen: Screen;
  mishaps: readonly Mishap[];
}

/**
 * The whole story, from signing in to the comparison.
 *
 * @throws DemoFailure where a step does not end well, or the library did not come back but for what was declared as lost
 */
export async function tellStory(story: Story): Promise<void> {
  const { say, person, sandbox, user, screen } = story;
  say('\n1  Sign in with Google');
  await signIn(story);
  say('\n2  Connect Spotify and read the library');
  const connection = await connectSpotify(story);
  const before = await sandbox.library(user);

  say('\n3  Block three artists of the library, each found by name');
  const leftovers = await removeDemoBlocks(person);
  if (leftovers > 0) say(`  (An earlier demo had left ${leftovers} blocks behind; they are removed.)`);
  for (const artist of await blockThree(person, connection.id, story.putBack)) say(`  ${candidateLine(artist)}`);

  say('\n4  Plan: what would go, and why. Nothing changes yet');
  const { plan, items } = await makePlan(story, connection.id);

  say('\n5  Run it');
  for (const mishap of story.mishaps) await mishap.beforeRun?.();
  const seenToItsEnd = story.putBack.add('bring the library back', () => bringBack(person, plan.id, say));
  const started = await person.post<{ runId: string; jobId: string }>(`enforcement/plans/${plan.id}/execute`, {
    confirm: true,
  });
  const run = await followJob(person, started.jobId, {
    label: 'Run',
    screen,
    meanwhile: together(story.mishaps, 'duringRun'),
  });
  for (const mishap of story.mishaps) await mishap.afterRun?.(run);
  await showRun(story, started.runId);
  const afterRun = await sandbox.library(user);

  say('\n6  Roll it back');
  let expected = before;
  for (const mishap of story.mishaps) expected = (await mishap.between?.(expected, afterRun)) ?? expected;
  const preview = await person.post<RollbackPreview>(`enforcement/runs/${started.runId}/rollback-preview`);
  say(
    `  To undo: ${preview.total} actions, ${preview.exact} of them without any loss. Lost: ${lossesIn(preview.byLoss)}`,
  );
  for (const mishap of story.mishaps) await mishap.beforeRollback?.();
  const undo = await person.post<{ runId: string; jobId: string }>(`enforcement/runs/${started.runId}/rollback`);
  const undone = await followJob(person, undo.jobId, {
    label: 'Rollback',
    screen,
    meanwhile: together(story.mishaps, 'duringRollback'),
  });
  seenToItsEnd();
  for (const mishap of story.mishaps) await mishap.afterRollback?.(undone);
  await showRun(story, undo.runId);

  say('\n7  Compare the library before and after');
  const actions = await Promise.all(
    [started, undo].map(({ runId }) => person.all<Action>(`enforcement/runs/${runId}/actions`)),
  );
  const declared = declaredLosses(actions.flat());
  const moments = { before: expected, afterRun, after: await sandbox.library(user) };
  if (expected !== before) say("  (Before: the library as it was, with the listener's own edit in it.)");
  const parts = compareLibraries(moments.before, moments.after, declared);
  for (const line of itemsTable(
    items.filter(({ included }) => included),
    moments,
    declared,
  ))
    say(line);
  say('');
  for (const line of partsTable(parts, moments)) say(line);
  if (cameBack(parts)) return say('\n  The library is what it was, but for what was declared as lost.');
  for (const line of faults(parts)) say(`  ${line}`);
  throw new DemoFailure('The library differs from what it was in things that nobody declared as lost.');
}

function together(mishaps: readonly Mishap[], moment: 'duringRun' | 'duringRollback'): (scene: Scene) => Promise<void> {
  return async (scene) => {
    await Promise.all(mishaps.map(async (mishap) => mishap[moment]?.(scene)));
  };
}
