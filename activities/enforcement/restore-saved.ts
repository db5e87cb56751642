import { type ActionOutcome, intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { observePart } from '../../adapters/postgres/run-observations';
import { type Loss, lossesOf } from '../../domain/reversibility';
import { lookUntil } from './look-again';
import { correctLosses, lossesOfRestoredLikes } from './restored-dates';
import type { RunContext } from './run-context';
import { readHead, savedKinds, type SavedItemType } from './saved-kinds';
import { partLeft } from './undone-part';
import { writeBatch } from './write';

/**
 * Puts up to 40 liked tracks, saved albums, followed artists or followed playlists back. What the person has put back is left as it is;
 * what an earlier attempt of ours put back counts as ours.
 * @param asLeft the part is as the undone run left it, so that nobody needs to look before
 */
export async function restoreSavedBatch(
  context: RunContext,
  asLeft: boolean,
  actions: readonly OpenAction[],
): Promise<void> {
  const here = asLeft ? actions.map(() => false) : await contains(context, actions);
  const back = actions.filter((_, n) => here[n]);
  const missing = actions.filter((_, n) => !here[n]);
  if (back.length > 0) {
    await settle(
      context.em,
      context.run,
      back.map((action): ActionOutcome =>
        action.status === 'applying'
          ? { id: action.id, status: 'applied', code: 'restored', ...lossesAfter(action, false) }
          : { id: action.id, status: 'skipped', code: 'already_present', losses: [] },
      ),
    );
  }
  if (missing.length === 0) return;
  await intend(
    context.em,
    context.run,
    missing.map((action) => ({ id: action.id, before: action.before ?? { present: true } })),
  );
  for (const part of byDate(missing)) await settle(context.em, context.run, await saveAndLook(context, part));
}

/** A like without a date cannot be put back with others that have theirs. */
function byDate(actions: readonly OpenAction[]): OpenAction[][] {
  const dated = actions.filter((action) => Boolean(action.before?.addedAt));
  const undated = actions.filter((action) => !action.before?.addedAt);
  return [undated, dated].filter((part) => part.length > 0);
}

/** Puts them back by the call that is theirs; `dated` where likes came back with their dates. */
async function putBack(context: RunContext, actions: readonly OpenAction[]): Promise<{ dated: boolean }> {
  const [first] = actions;
  const uris = distinctUris(actions);
  return context.session.call(async (spotify, auth) => {
    if (first?.itemType === 'liked_track' && first.before?.addedAt) {
      const dates = new Map(actions.map((action) => [action.uri, action.before?.addedAt ?? '']));
      return spotify.restoreLikes(
        auth,
        [...dates].map(([uri, addedAt]) => ({ uri, addedAt })),
      );
    }
    await (first?.itemType === 'followed_artist'
      ? spotify.followArtists(auth, uris)
      : spotify.saveToLibrary(auth, uris));
    return { dated: false };
  });
}

/**
 * What an action that came about has lost, as far as its answer tells; where likes can have dates, reading them back at the
 * end of the run has the last word.
 */
function lossesAfter({ itemType }: OpenAction, dated: boolean): Pick<ActionOutcome, 'losses'> {
  if (itemType !== 'liked_track') return {};
  return { losses: lossesOf('unlike_track', { dialect: dated ? 'extended' : 'development', addedByOther: false }) };
}

async function saveAndLook(
  context: RunContext,
  actions: readonly OpenAction[],
  repeated = false,
): Promise<ActionOutcome[]> {
  const write = await writeBatch(context, repeated ? [] : actions, () => putBack(context, actions));
  if (write.outcome === 'refused') {
    if (actions.length === 1 || write.code !== 'invalid')
      return actions.map((action) => ({
        id: action.id,
        status: 'failed',
        code: write.code,
        losses: ['not_restorable'],
      }));
    const middle = Math.ceil(actions.length / 2);
    return [
      ...(await saveAndLook(context, actions.slice(0, middle), repeated)),
      ...(await saveAndLook(context, actions.slice(middle), repeated)),
    ];
  }
  const here = await lookUntil(
    context,
    () => contains(context, actions),
    (seen) => !seen.includes(false),
  );
  const missing = actions.filter((_, n) => !here[n]);
  const again = write.outcome === 'unknown' && missing.length > 0 ? await saveAndLook(context, missing, true) : [];
  const settledAgain = new Map(again.map((outcome) => [outcome.id, outcome]));
  const dated = write.outcome === 'done' && write.value.dated;
  return actions.map(
    (action, n) =>
      settledAgain.get(action.id) ??
      (here[n]
        ? { id: action.id, status: 'applied', code: 'restored', ...lossesAfter(action, dated) }
        : { id: action.id, status: 'failed', code: 'not_restored', losses: ['not_restorable'] }),
  );
}

async function contains(context: RunContext, actions: readonly OpenAction[]): Promise<boolean[]> {
  const uris = distinctUris(actions);
  const here = await context.session.call((spotify, auth) => spotify.libraryContains(auth, uris));
  const present = new Set(uris.filter((_, n) => here[n]));
  return actions.map((action) => present.has(action.uri));
}

/** Two runs may have taken out the same thing, which the person had put back between them. */
function distinctUris(actions: readonly OpenAction[]): string[] {
  return [...new Set(actions.map((action) => action.uri))];
}

/**
 * The last look at a part: where its length is not the expected one, every item that this rollback calls restored is looked for
 * once more; likes that may have their dates are looked for at their places, which tells what was lost after all.
 */
export async function observeRestores(context: RunContext, itemType: SavedItemType): Promise<void> {
  const restored = await context.em.execute<{ uri: string }[]>(
    `select uri from actions where run_id = ? and item_type = ? and status = 'applied' group by uri order by min(seq)`,
    [context.run.id, itemType],
  );
  const left = await partLeft(context, itemType);
  const { total } = await readHead(context, itemType, 1);
  // As long as it must be: each item was seen when it came back, and nothing has changed since.
  const again = left?.length === total ? [] : restored;
  let missing = 0;
  for (let from = 0; from < again.length; from += 40) {
    const uris = again.slice(from, from + 40).map((row) => row.uri);
    const here = await lookUntil(
      context,
      () => context.session.call((spotify, auth) => spotify.libraryContains(auth, uris)),
      (seen) => !seen.includes(false),
    );
    missing += here.filter((present) => !present).length;
  }
  const losses =
    itemType === 'liked_track' && (await context.session.ask((client, auth) => client.datesLikes(auth)))
      ? await lossesOfRestoredLikes(context)
      : new Map<string, Loss[]>();
  await settle(context.em, context.run, [], async (tx) => {
    await correctLosses(tx, context.run.id, losses);
    await observePart(tx, context.run.id, savedKinds[itemType], {
      expected: total,
      observed: total,
      removed: 0,
      restored: restored.length,
      contradicting: missing,
    });
  });
}
