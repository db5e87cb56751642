import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { bodyOf, type Call, type CallRouter, type World } from '../conduct/world';
import type { AppleAccount, ApplePlaylist, AppleSong } from '../state/apple-music';
import { wholeSeconds } from '../state/bookkeeping';
import { appleCatalogOf } from './catalog';
import { AppleMusicError, badParameter, notFound } from './errors';
import { keptSong, libraryId } from './kept';
import { libraryPresenter } from './library-presenter';
import { callerOf, writeAccount } from './tokens';

const named = z.array(z.object({ id: z.string(), type: z.string() }));
const creation = z.object({
  attributes: z.object({ name: z.string().min(1), description: z.string().optional() }),
  relationships: z.object({ tracks: z.object({ data: named }).optional() }).optional(),
});
const addition = z.object({ data: named.min(1) });

/** The two things that an app may do to playlists: make one, and add to the end of one. */
export function servePlaylistWrites(world: World, router: CallRouter): void {
  router.post('/me/library/playlists', (call) => {
    const { userId, account } = callerOf(world, call);
    const { attributes, relationships } = read(creation, call);
    const playlist: ApplePlaylist = {
      id: libraryId('p', userId, randomBytes(12).toString('hex')),
      name: attributes.name,
      description: attributes.description ?? '',
      canEdit: true,
      addedAt: wholeSeconds(),
      items: songsOf(world, userId, account, relationships?.tracks?.data ?? []),
    };
    writeAccount(world, call, userId, { ...account, playlists: [...account.playlists, playlist] });
    call.status = 201;
    call.body = { data: [libraryPresenter(world, account.storefront, false).playlist(playlist)] };
  });
  router.post('/me/library/playlists/:id/tracks', (call) => {
    const { userId, account } = callerOf(world, call);
    const playlist = account.playlists.find(({ id }) => id === call.params['id']);
    if (!playlist) throw notFound();
    if (!playlist.canEdit) throw new AppleMusicError(403, '40312', 'Forbidden', 'The playlist can not be edited');
    const added = songsOf(world, userId, account, read(addition, call).data);
    const next = { ...playlist, items: [...playlist.items, ...added] };
    const playlists = account.playlists.map((one) => (one === playlist ? next : one));
    writeAccount(world, call, userId, { ...account, playlists });
    call.status = 204;
  });
}

function read<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(bodyOf(call));
  if (!parsed.success) throw badParameter('body', 'Unable to parse request body');
  return parsed.data;
}

function songsOf(world: World, userId: string, account: AppleAccount, wanted: z.infer<typeof named>): AppleSong[] {
  const { songs } = appleCatalogOf(world.catalog);
  return wanted.map(({ id, type }) => {
    const track = type === 'songs' ? songs.get(id) : undefined;
    const kept = type === 'library-songs' ? account.songs.find((song) => song.id === id) : undefined;
    if (kept) return kept;
    if (!track) throw notFound();
    return keptSong(world.catalog, userId, track, wholeSeconds());
  });
}
