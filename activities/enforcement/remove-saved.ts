import { type ActionOutcome, intend, type OpenAction, settle } from '../../adapters/postgres/journal';
import { observePart } from '../../adapters/postgres/run-observations';
import { HEAD_LENGTH } from '../../domain/batches';
import { readPlaylistOwners } from './followed-playlists';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { isAsPlanned, plannedPart, readHead, savedKinds, type SavedItemType } from './saved-kinds';
import { writeBatch } from './write';

/** What is known of one part when its batches begin. */
export interface RemovalPart {
  itemType: SavedItemType;
  planned: ReadonlyMap<string, string | null>;
  /** True where the part is what the plan saw, so that nobody needs to look before each batch. */
  asPlanned: boolean;
}

/** Compares a part with the plan's generation; a part with actions on their way is looked at batch by batch. */
export async function openRemovalPart(
  context: RunContext,
  itemType: SavedItemType,
  begun: boolean,
): Promise<RemovalPart> {
  const planned = await plannedPart(context, itemType);
  return { itemType, planned, asPlanned: !begun && (await isAsPlanned(context, itemType, planned)) };
}

/** Takes up to 40 liked tracks, saved albums, followed artists or followed playlists out: note, remove, look, save. */
export async function removeSavedBatch(
  context: RunContext,
  part: RemovalPart,
  actions: readonly OpenAction[],
): Promise<void> {
  if (part.itemType === 'followed_playlist') return unfollowBatch(context, part, actions);
  const here = part.asPlanned ? actions.map(() => true) : await contains(context, actions);
  const absent = actions.filter((action, n) => !here[n] && action.status === 'pending');
  const working = actions.filter((action, n) => here[n] || action.status === 'applying');
  if (absent.length > 0) await settle(context.em, context.run, absent.map(goneBefore));
  await takeOut(context, part, working);
}

/** The same for playlists, of which none is sent that others don't own now. */
async function unfollowBatch(context: RunContext, part: RemovalPart, actions: readonly OpenAction[]): Promise<void> {
  // What undoes a restore has no plan that says what is there.
  if (part.asPlanned && actions.every(({ uri }) => part.planned.has(uri))) return takeOut(context, part, actions);
  const owners = await readPlaylistOwners(context);
  const isOwn = ({ uri }: OpenAction) => owners.get(uri) === context.run.accountUserId;
  const left = actions.filter((action) => !owners.has(action.uri) || isOwn(action));
  const passedOver = left.map((action): ActionOutcome =>
    isOwn(action) ? { id: action.id, status: 'skipped', code: 'own_playlist' } : goneBefore(action),
  );
  if (left.length > 0) await settle(context.em, context.run, passedOver);
  const sent = actions.filter((action) => !left.includes(action));
  await takeOut(context, part, sent);
}

/** What is gone without a write of this execution: by an earlier one's, or by the person. */
const goneBefore = ({ id, status }: OpenAction): ActionOutcome =>
  status === 'applying'
    ? { id, status: 'applied', code: 'removed' }
    : { id, status: 'skipped', code: 'already_absent' };

async function takeOut(context: RunContext, part: RemovalPart, actions: readonly OpenAction[]): Promise<void> {
  if (actions.length === 0) return;
  await intend(
    context.em,
    context.run,
    actions.map((action) => ({
      id: action.id,
      before: { present: true, addedAt: part.planned.get(action.uri) ?? null },
    })),
  );
  await settle(context.em, context.run, await removeAndLook(context, actions));
}

async function removeAndLook(
  context: RunContext,
  actions: readonly OpenAction[],
  repeated = false,
): Promise<ActionOutcome[]> {
  const uris = actions.map((action) => action.uri);
  const itemType = actions[0]?.itemType;
  const write = await writeBatch(context, repeated ? [] : actions, () =>
    context.session.call((spotify, auth) =>
      itemType === 'followed_artist' ? spotify.unfollowArtists(auth, uris) : spotify.removeFromLibrary(auth, uris),
    ),
  );
  if (write.outcome === 'refused') {
    if (actions.length > 1 && write.code === 'invalid')
      return bisect(actions, (half) => removeAndLook(context, half, repeated));
    return actions.map((action) => refused(action, write.code));
  }
  const still = await lookUntil(
    context,
    () => contains(context, actions),
    (seen) => !seen.includes(true),
  );
  const stuck = actions.filter((_, n) => still[n]);
  // An answer that got lost and ten seconds without effect: the removal did not arrive. Removing twice does no harm.
  const again = write.outcome === 'unknown' && stuck.length > 0 ? await removeAndLook(context, stuck, true) : [];
  const settledAgain = new Map(again.map((outcome) => [outcome.id, outcome]));
  const isTrackTaken = write.outcome === 'done' && itemType === 'liked_track';
  return actions.map(
    (action, n) =>
      settledAgain.get(action.id) ??
      (still[n]
        ? { id: action.id, status: 'failed', code: isTrackTaken ? 'relinked' : 'not_enforced' }
        : { id: action.id, status: 'applied', code: 'removed' }),
  );
}

/** A refused batch is halved until the item that the provider does not take stands alone. */
async function bisect(
  actions: readonly OpenAction[],
  work: (half: readonly OpenAction[]) => Promise<ActionOutcome[]>,
): Promise<ActionOutcome[]> {
  const middle = Math.ceil(actions.length / 2);
  return [...(await work(actions.slice(0, middle))), ...(await work(actions.slice(middle)))];
}

/** Unfollowing artists through the library call is undocumented: where it takes none, that is the provider's limit, not a fault. */
function refused(action: OpenAction, code: string): ActionOutcome {
  if (code === 'artists_refused') return { id: action.id, status: 'skipped', code: 'unsupported' };
  return { id: action.id, status: 'failed', code };
}

async function contains(context: RunContext, actions: readonly OpenAction[]): Promise<boolean[]> {
  return context.session.call((spotify, auth) =>
    spotify.libraryContains(
      auth,
      actions.map((action) => action.uri),
    ),
  );
}

/**
 * The last look at a part after its batches: its length must be the planned one less what was removed and what was gone
 * before. Where it is not, the person changed it otherwise (each removal was verified on its own), and the receipt takes the
 * length as found.
 */
export async function observeRemovals(context: RunContext, itemType: SavedItemType): Promise<void> {
  const planned = await plannedPart(context, itemType);
  const rows = await context.em.execute<{ uri: string; absent: boolean }[]>(
    `select uri, status = 'skipped' as absent from actions where run_id = ? and item_type = ?
       and (status in ('applied', 'undone', 'undo_failed') or status = 'skipped' and outcome_code = 'already_absent')`,
    [context.run.id, itemType],
  );
  const gone = new Set(rows.filter((row) => !row.absent).map((row) => row.uri));
  // What undoes a restore has no plan that says how long the part was.
  const expected = context.run.generationId === null ? null : planned.size - rows.length;
  const head = await lookUntil(
    context,
    () => readHead(context, itemType, HEAD_LENGTH),
    (seen) => expected === null || seen.total === expected,
  );
  const contradicting = head.entries.filter(([uri]) => gone.has(uri)).length;
  await settle(context.em, context.run, [], (tx) =>
    observePart(tx, context.run.id, savedKinds[itemType], {
      expected: expected ?? head.total,
      observed: head.total,
      removed: gone.size,
      restored: 0,
      contradicting,
    }),
  );
}
