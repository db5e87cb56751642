import {
  alignWithLive,
  type Insertion,
  insertionsBetween,
  type LiveItem,
  liveView,
  type PlaylistSequence,
  reviveActions,
  surplusCopies,
} from '../../domain/playlist-sequence';
import { readPlaylist } from '../library/read-playlist';
import { liveItem } from './current-playlist';
import { lookUntil } from './look-again';
import type { RunContext } from './run-context';
import { attemptWrite } from './write';

/** After so many passes over one list the rest is left to a further try. */
const mostPasses = 4;

interface Listed {
  actionId: string;
  /** Different URIs, in their order. */
  likes: readonly string[];
  /** Nothing can be in it yet. */
  fresh: boolean;
  /** What an attempt that was cut short has sent may land still. */
  unsure: boolean;
}

/**
 * Puts likes into a playlist of ours, each once and in their order, whatever an earlier attempt has put in and its person has
 * changed. After an insertion whose outcome is not known the playlist is read before anything more is sent, and what landed
 * twice after all is taken out and put in once.
 * @returns how many are not in, and how many of them the provider does not take
 */
export async function fillList(
  context: RunContext,
  playlistId: string,
  { actionId, likes, fresh, unsure: begunUnsure }: Listed,
): Promise<{ missing: number; refused: number }> {
  const refused = new Set<string>();
  const base = (): PlaylistSequence =>
    likes.flatMap((uri) => (refused.has(uri) ? [] : [{ uri, addedAt: null, addedBy: null, ghostOf: actionId }]));
  const missingIn = (live: readonly LiveItem[]): Insertion[] => {
    const aligned = alignWithLive(base(), live).sequence;
    return insertionsBetween(live, liveView(reviveActions(aligned, new Set([actionId])).sequence));
  };
  const look = async (snapshotId: string | null): Promise<LiveItem[]> =>
    lookUntil(
      context,
      async () => (await readPlaylist(context.session, playlistId, snapshotId)).entries.map(liveItem),
      (live) => missingIn(live).length === 0,
    );
  let live = fresh ? [] : await look(null);
  let unsure = begunUnsure;
  for (let pass = 1; pass <= mostPasses; pass += 1) {
    const doubled = unsure ? doubledIn(live, likes) : [];
    if (doubled.length > 0) {
      await attemptWrite(() =>
        context.session.call((spotify, auth) => spotify.removePlaylistItems(auth, playlistId, doubled, null)),
      );
      live = (await readPlaylist(context.session, playlistId, null)).entries.map(liveItem);
    }
    const insertions = missingIn(live);
    if (insertions.length === 0) break;
    const sent = await insertEach(context, playlistId, insertions);
    unsure ||= sent.snapshotId === null;
    for (const uri of sent.refused) refused.add(uri);
    live = await look(sent.snapshotId);
  }
  const missing = missingIn(live).reduce((sum, { uris }) => sum + uris.length, 0);
  return { missing, refused: refused.size };
}

/** Most that are taken out in one call. */
const doubledIn = (live: readonly LiveItem[], likes: readonly string[]): string[] => {
  const once = likes.map((uri): LiveItem => ({ uri, addedAt: null, addedBy: null }));
  const surplus = surplusCopies(live, once);
  return likes.filter((uri) => surplus.has(uri)).slice(0, 100);
};

interface Sent {
  /** Null where an outcome is not known or something was refused: then what follows is for the next pass. */
  snapshotId: string | null;
  refused: string[];
}

async function insertEach(context: RunContext, playlistId: string, insertions: readonly Insertion[]): Promise<Sent> {
  let snapshotId: string | null = null;
  for (const insertion of insertions) {
    const sent = await insert(context, playlistId, insertion);
    if (sent.snapshotId === null) return sent;
    ({ snapshotId } = sent);
  }
  return { snapshotId, refused: [] };
}

/** A refused insertion is tried track by track, to find those that the provider does not take. */
async function insert(context: RunContext, playlistId: string, { position, uris }: Insertion): Promise<Sent> {
  const send = (some: readonly string[], at: number) =>
    attemptWrite(() =>
      context.session.call((spotify, auth) => spotify.insertPlaylistItems(auth, playlistId, some, at)),
    );
  const write = await send(uris, position);
  if (write.outcome === 'done') return { snapshotId: write.value.snapshotId, refused: [] };
  const refused: string[] = [];
  if (write.outcome === 'unknown') return { snapshotId: null, refused };
  for (const [n, uri] of uris.entries()) {
    const single = await send([uri], position + n - refused.length);
    if (single.outcome === 'unknown') break;
    if (single.outcome === 'refused') refused.push(uri);
  }
  return { snapshotId: null, refused };
}
