import { type ActionOutcome, intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { observePart } from '../../adapters/postgres/run-observations';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { readHead, savedKinds, type SavedItemType } from './saved-kinds';
import { writeBatch } from './write';

/**
 * Puts up to 40 liked tracks, saved albums or followed artists back. What the person has put back is left as it is;
 * what an earlier attempt of ours put back counts as ours.
 */
export async function restoreSavedBatch(context: RunContext, actions: readonly OpenAction[]): Promise<void> {
  const here = await contains(context, actions);
  const back = actions.filter((_, n) => here[n]);
  const missing = actions.filter((_, n) => !here[n]);
  if (back.length > 0) {
    await settle(
      context.em,
      context.run,
      back.map((action): ActionOutcome =>
        action.status === 'applying'
          ? { id: action.id, status: 'applied', code: 'restored' }
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
  await settle(context.em, context.run, await saveAndLook(context, missing));
}

async function saveAndLook(
  context: RunContext,
  actions: readonly OpenAction[],
  repeated = false,
): Promise<ActionOutcome[]> {
  const uris = distinctUris(actions);
  const write = await writeBatch(context, repeated ? [] : actions, () =>
    context.session.call((spotify, auth) => spotify.saveToLibrary(auth, uris)),
  );
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
  return actions.map(
    (action, n) =>
      settledAgain.get(action.id) ??
      (here[n]
        ? { id: action.id, status: 'applied', code: 'restored' }
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

/** The last look at a part: every item that this rollback calls restored is looked for once more. */
export async function observeRestores(context: RunContext, itemType: SavedItemType): Promise<void> {
  const restored = await context.em.execute<{ uri: string }[]>(
    `select uri from actions where run_id = ? and item_type = ? and status = 'applied' group by uri order by min(seq)`,
    [context.run.id, itemType],
  );
  const { total } = await readHead(context, itemType, 1);
  let missing = 0;
  for (let from = 0; from < restored.length; from += 40) {
    const uris = restored.slice(from, from + 40).map((row) => row.uri);
    const here = await lookUntil(
      context,
      () => context.session.call((spotify, auth) => spotify.libraryContains(auth, uris)),
      (seen) => !seen.includes(false),
    );
    missing += here.filter((present) => !present).length;
  }
  await settle(context.em, context.run, [], (tx) =>
    observePart(tx, context.run.id, savedKinds[itemType], {
      expected: total,
      observed: total,
      removed: 0,
      restored: restored.length,
      contradicting: missing,
    }),
  );
}
