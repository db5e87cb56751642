import { bundledCatalogPath, loadCatalog } from '../../../dev/sandbox/catalog/catalog';
import { initialShelves } from '../../../dev/sandbox/people/libraries';
import { people } from '../../../dev/sandbox/people/people';

const catalog = loadCatalog(bundledCatalogPath());
const shelves = initialShelves(catalog);
const listener = shelves.libraries['listener'];
const playlists = (listener?.playlistIds ?? []).flatMap((id) => shelves.playlists[id] ?? []);
const uris = playlists.flatMap((playlist) => playlist.items.map((item) => item.uri));

describe('the library of the ten-year listener', () => {
  it('is large, spans ten years, and lists the newest like first', () => {
    const dates = (listener?.likes ?? []).map((like) => like.addedAt);
    expect(dates).toHaveLength(800);
    expect(dates).toEqual(dates.toSorted().toReversed());
    expect(Number(dates[0]?.slice(0, 4)) - Number(dates.at(-1)?.slice(0, 4))).toBeGreaterThanOrEqual(9);
    expect(listener?.albums).toHaveLength(40);
    expect(listener?.follows).toHaveLength(30);
    expect(playlists).toHaveLength(14);
  });

  it('holds every hard case', () => {
    expect(uris).toContain(null);
    expect(uris.some((uri) => uri?.startsWith('spotify:local:'))).toBe(true);
    expect(uris.some((uri) => uri?.startsWith('spotify:episode:'))).toBe(true);
    const three = playlists.some((list) =>
      list.items.some((a) => list.items.filter((b) => a.uri === b.uri).length > 2),
    );
    expect(three).toBe(true);
    const lists = (uri: string | null) =>
      playlists.filter((list) => list.items.some((item) => item.uri === uri)).length;
    expect(Math.max(...uris.filter((uri) => uri !== null).map(lists))).toBeGreaterThan(5);
    expect(playlists.some((list) => list.collaborative && list.ownerId !== 'listener')).toBe(true);
    expect(playlists.some((list) => !list.collaborative && list.ownerId !== 'listener')).toBe(true);
    expect(
      playlists.some((list) => list.ownerId === 'listener' && list.items.some((i) => i.addedBy !== 'listener')),
    ).toBe(true);
  });

  it('is the same on every machine, and everybody else has a small one', () => {
    expect(initialShelves(catalog)).toEqual(shelves);
    for (const { id } of people.slice(1)) expect(shelves.libraries[id]?.likes).toHaveLength(60);
  });

  it('can be made from a catalog of a single track', () => {
    const [track] = catalog.tracks.values();
    if (!track) throw new Error('the catalog is empty');
    const tiny = { ...catalog, tracks: new Map([[track.id, track]]) };
    expect(initialShelves(tiny).libraries['listener']?.likes).toHaveLength(1);
  });
});
