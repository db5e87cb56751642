import type { Call, CallRouter, World } from '../conduct/world';
import type { AppleAccount } from '../state/apple-music';
import { AppleMusicError, notFound, nothingRelated } from './errors';
import { libraryPresenter } from './library-presenter';
import { includes, pageOf, readPage } from './paging';
import { callerOf, visibleAccount } from './tokens';

const lists = { standard: 25, max: 100 };
const tracks = { standard: 100, max: 100 };

/** What the caller keeps. Nothing of it can be deleted: that answers 401, as it does at Apple. */
export function serveLibrary(world: World, router: CallRouter): void {
  router.get('/me/storefront', (call) => {
    const { account } = callerOf(world, call);
    const id = account.storefront;
    const attributes = { name: id.toUpperCase(), defaultLanguageTag: 'en-GB', supportedLanguageTags: ['en-GB'] };
    call.body = { data: [{ id, type: 'storefronts', href: `/v1/storefronts/${id}`, attributes }] };
  });
  serveKind('songs', (account) => account.songs, 'song');
  serveKind('albums', (account) => account.albums, 'album');
  serveKind('artists', (account) => account.artists, 'artist');
  serveKind('playlists', (account) => account.playlists, 'playlist');
  router.get('/me/library/playlists/:id/tracks', (call) => {
    const account = visibleAccount(world, call);
    const playlist = account.playlists.find(({ id }) => id === call.params['id']);
    if (!playlist) throw notFound();
    const page = readPage(call, tracks);
    // Apple takes an empty list for a missing one.
    if (page.offset >= playlist.items.length) throw nothingRelated('tracks');
    const { song } = libraryPresenter(world, account.storefront, includes(call, 'catalog'));
    call.body = pageOf(`/v1/me/library/playlists/${playlist.id}/tracks`, page, playlist.items, song);
  });
  for (const path of ['/me/library/:type/:id', '/me/library/playlists/:id/tracks']) {
    router.delete(path, (call: Call) => {
      callerOf(world, call);
      throw new AppleMusicError(401, '40100', 'Unauthorized', 'Unauthorized');
    });
  }

  function serveKind<T extends { id: string }, K extends 'song' | 'album' | 'artist' | 'playlist'>(
    type: string,
    kept: (account: AppleAccount) => readonly T[],
    kind: K,
  ): void {
    const path = `/me/library/${type}`;
    const shower = (call: Call, account: AppleAccount) => {
      const presenter = libraryPresenter(world, account.storefront, includes(call, 'catalog'));
      return presenter[kind] as unknown as (thing: T) => object;
    };
    router.get(path, (call) => {
      const account = visibleAccount(world, call);
      call.body = pageOf(`/v1${path}`, readPage(call, lists), kept(account), shower(call, account));
    });
    router.get(`${path}/:id`, (call) => {
      const account = visibleAccount(world, call);
      const thing = kept(account).find(({ id }) => id === call.params['id']);
      if (!thing) throw notFound();
      call.body = { data: [shower(call, account)(thing)] };
    });
  }
}
