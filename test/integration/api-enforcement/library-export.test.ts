import { parseCsv } from '../../../dev/sandbox/catalog/csv';
import { outcome, startHarness, unknownId, type Caller, type Harness } from './harness';

let harness: Harness;
let person: Caller;
let connectionId: string;
beforeAll(async () => {
  harness = await startHarness();
  person = await harness.person();
  connectionId = await harness.rows.connection(person.id, { name: 'Listener' });
  await harness.rows.library(connectionId, {
    tracks: [
      { id: 'one', name: '=1+1', artistId: 'a', artist: '@home, "live"' },
      { id: 'two', name: 'Plain', artistId: 'b', artist: 'Bóreas' },
    ],
    likes: Array.from({ length: 1_201 }, (_, n) => (n % 2 ? 'one' : 'two')),
    playlists: [
      { id: 'mine', name: '-mix', ownerId: 'me', tracks: ['one', null, 'two', 'one'] },
      { id: 'theirs', name: 'Not mine', ownerId: 'other', tracks: ['two'], readable: false },
    ],
  });
});
afterAll(() => harness.api.close());

const address = (format: string) => `connections/${connectionId}/library/export?format=${format}`;

describe('a library as a file', () => {
  it('in JSON has everything in its order, with names and dates', async () => {
    const answer = await person.get(address('json'));
    expect(answer.headers.get('content-type')).toContain('application/json');
    expect(answer.headers.get('content-disposition')).toMatch(
      /^attachment; filename="do-not-play-library-spotify-\d{4}-\d\d-\d\d\.json"$/,
    );
    const file = answer.body as { likes: unknown[]; playlists: { items: { uri: string }[] }[] };
    expect(file).toMatchObject({ format: 'do-not-play/library', accountName: 'Listener', albums: [], follows: [] });
    expect(file.likes).toHaveLength(1_201);
    expect(file.likes[1_200]).toEqual({
      position: 1_200,
      uri: 'spotify:track:two',
      name: 'Plain',
      artists: ['Bóreas'],
      album: null,
      addedAt: '2020-01-01T00:00:00Z',
      addedBy: null,
    });
    expect(file.playlists).toMatchObject([
      { id: 'mine', name: '-mix', own: true, readable: true, length: 4 },
      { id: 'theirs', name: 'Not mine', own: false, readable: false, length: 1, items: [] },
    ]);
    expect(file.playlists[0]?.items.map(({ uri }) => uri)).toEqual([
      'spotify:track:one',
      null,
      'spotify:track:two',
      'spotify:track:one',
    ]);
  });

  it('in CSV has the same, and nothing that a spreadsheet would run', async () => {
    const answer = await person.get(address('csv'));
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('content-disposition')).toContain('.csv"');
    const [header, about, ...lines] = parseCsv(answer.text);
    expect(header?.slice(0, 5)).toEqual(['kind', 'playlist_id', 'playlist_name', 'position', 'uri']);
    expect([about?.[0], about?.[5]]).toEqual(['library', 'Listener']);
    expect(lines).toHaveLength(1_201 + 2 + 4);
    expect(lines[1]?.slice(4, 7)).toEqual(['spotify:track:one', `'=1+1`, `'@home, "live"`]);
    expect(lines.filter(([kind]) => kind === 'playlist').map((line) => line[5])).toEqual([`'-mix`, 'Not mine']);
    for (const cell of lines.flat()) expect(cell).not.toMatch(/^[=+@\t\r]|^-\D/);
  });

  it('of a connection that was never synced is a 409 with the way to do that', async () => {
    const id = await harness.rows.connection(person.id);
    const answer = await person.get(`connections/${id}/library/export`);
    expect(outcome(answer)).toEqual([409, 'library_not_synced']);
    expect(answer.body.action).toEqual({ code: 'sync_library', href: `/api/v1/connections/${id}/library-sync` });
  });

  it('of somebody else, or in an unknown format, is not given', async () => {
    const stranger = await harness.person();
    expect(outcome(await stranger.get(address('json')))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(`connections/${unknownId}/library/export`))).toEqual([404, 'not_found']);
    expect(outcome(await person.get(address('xml')))).toEqual([400, 'invalid_request']);
  });
});
