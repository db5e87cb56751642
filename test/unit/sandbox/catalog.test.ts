import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildCatalog } from '../../../dev/sandbox/catalog/build';
import { bundledCatalogPath, loadCatalog } from '../../../dev/sandbox/catalog/catalog';
import { withInvented } from '../../../dev/sandbox/catalog/invented';
import { searchArtists, searchTracks } from '../../../dev/sandbox/catalog/search';

const header = 'track_id,track_name,artist_ids,artist_names,release_date,genre,duration_ms\n';

function load(rows: string) {
  const folder = mkdtempSync(join(tmpdir(), 'catalog-'));
  const path = join(folder, 'catalog.csv');
  writeFileSync(path, header + rows);
  try {
    return loadCatalog(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('a catalog from anybody', () => {
  it('keeps any ids, pairs several artists with theirs, and makes ids where they are missing', () => {
    const catalog = load('t-1,Tide,a-1|a-2,Neo Lux|Ada Fen,2011,jazz,1000\nt-2,Ebb,,Bo Cy,,,\n');
    expect(catalog.tracks.get('t-1')).toMatchObject({
      artists: [
        { id: 'a-1', name: 'Neo Lux' },
        { id: 'a-2', name: 'Ada Fen' },
      ],
      durationMs: 1000,
      releaseDate: '2011',
    });
    expect(catalog.tracks.get('t-2')?.artists[0]?.id).toMatch(/^\w{22}$/);
  });

  it('leaves out rows without a title or an artist, and the second of two with one id', () => {
    const catalog = load('t1,Tide,a1,Neo Lux,,,\nt2,,a1,Neo Lux,,,\nt3,Ebb,,,,,\nt1,Other,a1,Neo Lux,,,\n');
    expect([...catalog.tracks.values()].map((track) => track.name)).toEqual(['Tide']);
  });

  it('refuses a file without a single usable track', () => {
    expect(() => load('')).toThrow(/holds no usable track/);
  });

  it('puts a lonely track on an album with its neighbours of the same artist', () => {
    const rows = ['1999', '2001', '2001', '2005'].map((year, n) => `t${n},Song ${n},a1,Neo Lux,${year},,`);
    const catalog = load([...rows, 't9,Alone,a2,Ada Fen,2001,,'].join('\n'));
    const albums = [...catalog.albums.values()];
    expect(albums.filter((album) => album.artists[0]?.id === 'a1').every((album) => album.tracks.length > 1)).toBe(
      true,
    );
    expect(albums.flatMap((album) => album.tracks)).toHaveLength(5);
    for (const track of catalog.tracks.values()) expect(catalog.albums.get(track.albumId)?.tracks).toContain(track);
  });
});

describe('the bundled catalog', () => {
  const catalog = loadCatalog(bundledCatalogPath());

  it('has thousands of tracks, at least a hundred of several artists, and ids in the shape of Spotify', () => {
    const tracks = [...catalog.tracks.values()];
    expect(tracks.length).toBeGreaterThan(3000);
    expect(tracks.filter((track) => track.artists.length > 1).length).toBeGreaterThanOrEqual(100);
    expect(tracks.every((track) => /^[0-9A-Za-z]{22}$/.test(track.id))).toBe(true);
    expect(Buffer.byteLength(readFileSync(bundledCatalogPath()))).toBeLessThan(700_000);
  });

  it('finds an artist by name without accents and puts the exact name first', () => {
    const [artist] = searchArtists(catalog, 'frederic chopin');
    expect(artist?.name).toBe('Frédéric Chopin');
    expect(searchTracks(catalog, 'artist:"frederic chopin"').length).toBeGreaterThan(1);
    expect(searchArtists(catalog, 'nobody of this name anywhere')).toEqual([]);
  });

  const source = process.env['MUSICBRAINZ_20K'];
  (source ? it : it.skip)('is what the benchmark file makes (skipped where MUSICBRAINZ_20K names no file)', () => {
    expect(buildCatalog(readFileSync(source ?? '', 'utf8'))).toBe(readFileSync(bundledCatalogPath(), 'utf8'));
  });
});

describe('making a catalog from the benchmark', () => {
  const columns = 'TID,CID,CTID,SourceID,id,number,title,length,artist,album,year,language\n';

  it('reads each source in its own spelling and keeps one row of a cluster', () => {
    const rows = [
      '1,1,1,1,x,1,Tide (Low Water),03:20,Neo Lux feat. Ada Fen,Low Water,2011,English',
      '2,1,2,4,x,1,001-Tide,3m 20sec,Neo Lux,Low Water (2011),null,Eng.',
      '3,2,1,2,x,1,Bo Cy - Ebb,200,,Low Water,11,English',
      "4,3,1,3,x,1,Foam - Low Water,3.5,Neo Lux,,'11,English",
      '5,4,1,5,x,1,,200000,Neo Lux,Low Water,2011,English',
      '6,5,1,5,x,1,Wave,200000,[unknown],Low Water,2011,English',
    ];
    const lines = buildCatalog(columns + rows.join('\n'))
      .trim()
      .split('\n')
      .slice(1);
    const read = lines
      .map((line) => line.split(','))
      .map(([, title, , artists, year, , ms]) => [title, artists, year, ms]);
    expect(read.sort()).toEqual([
      ['Ebb', 'Bo Cy', '2011', '200000'],
      ['Foam', 'Neo Lux', '2011', '210000'],
      ['Tide', 'Neo Lux|Ada Fen', '2011', '200000'],
    ]);
  });
});

describe('the invented artists', () => {
  it('come behind everybody else, the same each time, with songs and albums of their own', () => {
    const catalog = load('t-1,Tide,a-1,Neo Lux,2011,jazz,1000\n');
    const { tracks, albums, artists } = withInvented(catalog);
    expect([...tracks.keys()]).toEqual([...withInvented(catalog).tracks.keys()]);
    expect([...artists.values()].map(({ name }) => name)).toEqual(['Neo Lux', 'The Invented Few', 'Nobody Imaginary']);
    expect([...tracks.keys()][0]).toBe('t-1');
    expect(catalog.tracks.size).toBe(1);
    const invented = [...tracks.values()].slice(1);
    expect(invented.length).toBeGreaterThan(4);
    for (const track of invented) {
      expect(track.artists[0]?.name).toBe('The Invented Few');
      expect(albums.get(track.albumId)?.tracks).toContain(track);
    }
    expect(invented.filter((track) => track.artists.length > 1)).toHaveLength(1);
  });
});
