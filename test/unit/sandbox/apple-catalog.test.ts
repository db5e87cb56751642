import { appleCatalogOf, creditOf } from '../../../dev/sandbox/apple-music/catalog';
import { bundledCatalogPath, loadCatalog } from '../../../dev/sandbox/catalog/catalog';
import { initialAppleAccounts } from '../../../dev/sandbox/people/apple-libraries';
import { people } from '../../../dev/sandbox/people/people';

const catalog = loadCatalog(bundledCatalogPath());

describe('the catalog as Apple Music has it', () => {
  it('gives each thing a number of its own, the same ones on every machine', () => {
    const apple = appleCatalogOf(catalog);
    expect([apple.songs.size, apple.albums.size, apple.artists.size]).toEqual([
      catalog.tracks.size,
      catalog.albums.size,
      catalog.artists.size,
    ]);
    expect([...apple.songs.keys()].every((id) => /^\d{9,10}$/.test(id))).toBe(true);
    expect([...appleCatalogOf(loadCatalog(bundledCatalogPath())).songs.keys()]).toEqual([...apple.songs.keys()]);
  });

  it('credits guests in the title only, and joint works to everybody', () => {
    const several = [...catalog.tracks.values()].filter(({ artists }) => artists.length > 1);
    const joint = several.filter((track) => creditOf(track).main.length > 1);
    expect(joint.length).toBeGreaterThan(several.length / 6);
    expect(joint.length).toBeLessThan(several.length / 2);
    for (const track of several) {
      const { main, name, artistName } = creditOf(track);
      const guests = track.artists.slice(main.length);
      expect(name.includes('(feat. ')).toBe(guests.length > 0);
      for (const { name: guest } of guests) expect(name).toContain(guest);
      for (const { name: artist } of main) expect(artistName).toContain(artist);
    }
  });
});

describe('the accounts at Apple Music', () => {
  it('are the same on every machine, and only one of them is large', () => {
    const accounts = initialAppleAccounts(catalog);
    expect(initialAppleAccounts(catalog)).toEqual(accounts);
    const { songs, ratings } = accounts['apple-listener'] ?? { songs: [], ratings: {} };
    expect(songs.length).toBeGreaterThan(300);
    const values = Object.values(ratings);
    expect(new Set(values)).toEqual(new Set([1, -1]));
    for (const { id } of people) {
      if (id !== 'apple-listener') expect(accounts[id]?.songs.length).toBeLessThan(40);
    }
  });

  it('can be made from a catalog of a single track', () => {
    const [track] = catalog.tracks.values();
    if (!track) throw new Error('the catalog is empty');
    const tiny = { ...catalog, tracks: new Map([[track.id, track]]) };
    expect(initialAppleAccounts(tiny)['apple-listener']?.songs.length).toBeGreaterThan(0);
  });
});
