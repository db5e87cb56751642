import { createHash } from 'node:crypto';
import { bundledCatalogPath, loadCatalog } from '../../dev/sandbox/catalog/catalog';
import { Random } from '../../dev/sandbox/people/random';

/** An artist as a line of MusicBrainz's dump has one, as far as it matters here. */
export interface MadeUpArtist {
  id: string;
  name: string;
  disambiguation: string;
  aliases: { name: string; locale: string | null }[];
  genres: { name: string }[];
}

const genres = ['rock', 'jazz', 'hip hop', 'electronic', 'folk', 'metal', 'soul', 'ambient', 'punk', 'classical'];

/**
 * So many artists: the real names of "Music Brainz 20K" that come with the sandbox, and beyond those names made of their words, a
 * few of them several times, as homonyms. Six in ten have aliases. The same number gives the same artists.
 */
export function madeUpArtists(count: number): { artists: MadeUpArtist[]; realNames: number } {
  const random = new Random(20_261_129);
  const real = [...loadCatalog(bundledCatalogPath()).artists.values()].map(({ name }) => name);
  const words = [...new Set(real.flatMap((name) => name.split(/\s+/u)))].filter((word) => word.length > 1);
  const word = () => words[random.below(words.length)] ?? '';
  const madeUp = () => Array.from({ length: 2 + random.below(2) }, word).join(' ');
  const nameOf = (n: number) => real[n] ?? (random.next() < 0.02 ? (real[random.below(real.length)] ?? '') : madeUp());
  const artists = Array.from({ length: count }, (_, n): MadeUpArtist => {
    const name = nameOf(n);
    const turned = name.replace(/^(.+)\s(\S+)$/u, '$2, $1');
    const aliases = [turned, madeUp(), madeUp()].slice(0, [0, 0, 1, 2, 3][random.below(5)]);
    return {
      id: idOf(n),
      name,
      disambiguation: `number ${n}`,
      aliases: aliases.map((alias) => ({ name: alias, locale: random.next() < 0.3 ? 'en' : null })),
      genres: [{ name: genres[random.below(genres.length)] ?? '' }],
    };
  });
  return { artists, realNames: Math.min(count, real.length) };
}

function idOf(n: number): string {
  const hex = createHash('sha256').update(`catalog bench ${n}`).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-');
}

/** What people type: whole names and aliases, beginnings of them, and either with a letter left out. */
export function searchesFor(artists: readonly MadeUpArtist[], count: number): string[] {
  const random = new Random(7);
  return Array.from({ length: count }, (_, n) => {
    const artist = artists[random.below(artists.length)];
    const names = [artist?.name ?? '', ...(artist?.aliases ?? []).map(({ name }) => name)];
    const name = names[random.below(names.length)] ?? '';
    if (n % 3 === 0) return name;
    if (n % 3 === 1) return name.slice(0, 2 + random.below(5)).trim() || name;
    const gap = 1 + random.below(Math.max(1, name.length - 1));
    return `${name.slice(0, gap)}${name.slice(gap + 1)}`;
  });
}
