import { rememberArtists } from '../../adapters/postgres/catalog';
import { storeContent, type FollowEntry } from '../../adapters/postgres/library-content';
import {
  dropPages,
  loadPages,
  loadPartEntries,
  storePage,
  storePart,
} from '../../adapters/postgres/library-generations';
import { advance, nextStep, type SyncContext } from './sync-context';

const pageSize = 50;
/**
 * Follows have no date, so a first page proves little; up to so many they are read to the end each time.
 * Above it, a first page and a length like before are believed.
 */
const alwaysReadUpTo = 150;

/** Reads the followed artists. */
export async function syncFollows(context: SyncContext): Promise<void> {
  const { cursor } = context;
  const page = await context.session.call((spotify, auth) =>
    spotify.followedArtists(auth, { after: cursor.after, limit: pageSize }),
  );
  await rememberArtists(
    context.em,
    'spotify',
    page.items.map((artist) => ({ providerId: artist.id, name: artist.name, imageUrl: artist.imageUrl })),
  );
  const entries = page.items.map((artist): FollowEntry => [`spotify:artist:${artist.id}`]);
  if (cursor.offset === 0 && page.total > alwaysReadUpTo && (await takeOver(context, entries, page.total)))
    return nextStep(context, 'playlists');
  await storePage(context.em, context.generationId, 'follows', '', cursor.offset / pageSize, entries);
  if (page.after !== null && page.items.length > 0)
    return advance(context, { offset: cursor.offset + pageSize, after: page.after });
  const read = (await loadPages(context.em, context.generationId, 'follows', '')) as FollowEntry[];
  const all = [...new Map(read.map((entry) => [entry[0], entry])).values()];
  const contentId = await storeContent(context.em, context.connectionId, 'follows', all);
  await nextStep(context, 'playlists', async (tx) => {
    await storePart(tx, context.generationId, {
      kind: 'follows',
      providerId: '',
      position: 0,
      name: null,
      ownerId: null,
      collaborative: false,
      snapshotId: null,
      contentId,
      length: all.length,
    });
    await dropPages(tx, context.generationId, 'follows');
  });
}

async function takeOver(context: SyncContext, first: FollowEntry[], total: number): Promise<boolean> {
  if (!context.previousId) return false;
  const previous = await loadPartEntries<FollowEntry>(context.em, context.previousId, 'follows');
  if (!previous || previous.entries.length !== total || first.some((entry, n) => entry[0] !== previous.entries[n]?.[0]))
    return false;
  await storePart(context.em, context.generationId, previous.part);
  return true;
}
