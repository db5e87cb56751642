import { searchAlbums, searchArtists, searchTracks } from '../catalog/search';
import { queryText, type Call, type CallRouter, type World } from '../conduct/world';
import { appleCatalogOf, storefronts } from './catalog';
import { catalogPresenter, type CatalogPresenter } from './catalog-presenter';
import { badParameter, notFound } from './errors';
import { includes, pageOf, readIds, readPage } from './paging';

const mostIds = 300;

/** What the catalog tells; it needs the developer token alone. */
export function serveCatalog(world: World, router: CallRouter): void {
  const kinds = kindsOf(world);
  for (const [type, kind] of Object.entries(kinds)) {
    router.get(`/catalog/:storefront/${type}`, (call) => {
      const show = kind.show(presenterOf(world, call), includes(call, 'artists'));
      const isrcs = type === 'songs' ? readIds(call, 25, 'filter[isrc]') : undefined;
      const ids = isrcs ? kind.byIsrc(isrcs) : readIds(call, mostIds);
      if (!ids) throw badParameter('ids', 'No ids supplied on the request');
      call.body = { data: ids.flatMap(show) };
    });
    router.get(`/catalog/:storefront/${type}/:id`, (call) => {
      const data = kind.show(presenterOf(world, call), includes(call, 'artists'))(call.params['id'] ?? '');
      if (data.length === 0) throw notFound();
      call.body = { data };
    });
  }
  router.get('/catalog/:storefront/search', (call) => search(world, call));
}

interface Kind {
  /** Shows what has an Apple Music id; nothing for an unknown one. */
  show(presenter: CatalogPresenter, withArtists: boolean): (id: string) => object[];
  byIsrc(isrcs: string[]): string[];
}

function kindsOf(world: World): Record<'songs' | 'albums' | 'artists', Kind> {
  const { songs, albums, artists } = appleCatalogOf(world.catalog);
  const found = <T>(map: ReadonlyMap<string, T>, present: (thing: T) => object) => {
    return (id: string) => {
      const thing = map.get(id);
      return thing ? [present(thing)] : [];
    };
  };
  const byIsrc = (isrcs: string[]) => {
    return [...songs].filter(([, track]) => isrcs.includes(track.isrc)).map(([id]) => id);
  };
  return {
    songs: { show: (presenter, whole) => found(songs, (track) => presenter.song(track, whole)), byIsrc },
    albums: { show: (presenter, whole) => found(albums, (album) => presenter.album(album, whole)), byIsrc },
    artists: { show: (presenter) => found(artists, (artist) => presenter.artist(artist)), byIsrc },
  };
}

function presenterOf(world: World, call: Call): CatalogPresenter {
  const storefront = call.params['storefront'] ?? '';
  if (!storefronts.includes(storefront)) throw badParameter('storefront', 'There is no such storefront');
  return catalogPresenter(world, storefront);
}

function search(world: World, call: Call): void {
  const term = queryText(call, 'term')?.trim();
  if (!term) throw badParameter('term', 'No term supplied on the request');
  const page = readPage(call, { standard: 5, max: 25 });
  const presenter = presenterOf(world, call);
  const wanted = readIds(call, 3, 'types');
  if (!wanted) throw badParameter('types', 'No types supplied on the request');
  const results: Record<string, object> = {};
  const put = <T>(type: string, found: readonly T[], show: (thing: T) => object) => {
    if (!wanted.includes(type) || found.length === 0) return;
    const href = `/v1/catalog/${call.params['storefront']}/search?term=${encodeURIComponent(term)}&types=${type}`;
    const { data, next } = pageOf(href, page, found, show) as { data: unknown; next?: string };
    results[type] = { href, data, ...(next ? { next: next.replace(/\?offset=(\d+)$/, '&offset=$1') } : {}) };
  };
  put('songs', searchTracks(world.catalog, term), (track) => presenter.song(track, includes(call, 'artists')));
  put('albums', searchAlbums(world.catalog, term), (album) => presenter.album(album));
  put('artists', searchArtists(world.catalog, term), (artist) => presenter.artist(artist));
  call.body = { results };
}
