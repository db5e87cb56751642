import { listLibraryItems, listPlaylists } from '../../adapters/postgres/library-listing';
import { libraryCsv, readStoredLibrary } from '../../adapters/postgres/library-file';
import { Connection } from '../../adapters/postgres/entities';
import { type Person, startSystem, type System } from '../support/system';

/** What an Apple Music listener goes through: a library that can be read and rated, and of which nothing can be deleted. */
let system: System;
let person: Person;

beforeAll(async () => {
  system = await startSystem();
  await system.startWorkers();
  person = await system.connectAppleMusic('apple-listener');
});
afterAll(() => system?.close());

const generation = async () => {
  const { generationId } = await system.orm.em.fork().findOneOrFail(Connection, { id: person.connectionId });
  return generationId ?? '';
};
const calls = async (service = 'apple_music') =>
  (await system.admin.calls()).filter((call) => call.service === service);

test('a library is read whole, with its catalog links, also where Apple stumbles', async () => {
  const library = await system.admin.appleLibrary('apple-listener');
  await system.admin.forgetCalls();
  await system.admin.fault({
    service: 'apple_music',
    method: 'GET',
    route: '/me/library/songs',
    times: 1,
    status: 500,
  });
  await system.admin.fault({
    service: 'apple_music',
    method: 'GET',
    route: '/me/library/playlists/{id}/tracks',
    times: 1,
    status: 429,
    retryAfter: 1,
  });
  await person.sync();
  const em = system.orm.em.fork();
  const generationId = await generation();
  const { connectionId } = person;
  const songs = await listLibraryItems(em, generationId, {
    kind: 'likes',
    playlistId: null,
    query: null,
    offset: 0,
    limit: 10_000,
  });
  expect(songs?.map(({ name }) => name).sort()).toEqual(library.songs.map(({ name }) => name).sort());
  const linked = songs?.filter(({ artists }) => artists.length > 0) ?? [];
  expect(linked.map(({ uri }) => uri)).toEqual(
    expect.arrayContaining(
      library.songs.flatMap(({ catalogId }) =>
        catalogId === null || catalogId.startsWith('990') ? [] : `apple-music:song:${catalogId}`,
      ),
    ),
  );
  const playlists = await listPlaylists(em, { generationId, connectionId, query: null });
  expect(playlists.map(({ name, length, own, readable }) => ({ name, length, own, readable }))).toEqual(
    library.playlists.map(({ name, items, canEdit }) => ({
      name,
      length: items.length,
      own: canEdit,
      readable: true,
    })),
  );
  const stored = await readStoredLibrary(em, connectionId);
  let csv = '';
  for await (const line of libraryCsv(em, stored!)) csv += line;
  expect(csv).toContain('apple-music:playlist:p.');
  expect(csv).toContain('Basement Tapes');

  // A second look asks the catalog about nothing.
  await system.admin.forgetCalls();
  await person.sync();
  const again = await calls();
  expect(again.some(({ route }) => route === '/me/library/songs')).toBe(true);
  expect(again.filter(({ route }) => route.startsWith('/catalog'))).toEqual([]);
  expect(await calls('spotify')).toEqual([]);
}, 60_000);
