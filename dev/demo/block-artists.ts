import { chooseArtists, tallyArtists, type Candidate } from './choose-artists';
import type { Artist, Block, Page } from './contract';
import { DemoFailure } from './demo-failure';
import { readOccurrences } from './listener-library';
import type { Person } from './person';
import type { PutBack } from './put-back';

/** Marks the demo's blocks, so that those of a demo that was killed are found by the next. */
const tag = 'demo';

/** Takes away what an earlier demo may have left. */
export async function removeDemoBlocks(person: Person): Promise<number> {
  const blocks = await person.all<Block>(`blocks?tag=${tag}`);
  for (const { artistId } of blocks) await person.delete(`blocks/${artistId}`);
  return blocks.length;
}

/**
 * Chooses three artists of the library, finds each by name as a person would, and blocks them.
 *
 * @throws DemoFailure where the library has too few artists that the search finds
 */
export async function blockThree(person: Person, connectionId: string, putBack: PutBack): Promise<Candidate[]> {
  const candidates = tallyArtists(await readOccurrences(person, connectionId));
  const without = new Set<string>();
  for (;;) {
    const chosen = chooseArtists(candidates, without);
    if (chosen.length < 3) throw new DemoFailure('The library has too few artists to block three of them.');
    const usable = await Promise.all(chosen.map(({ id, name }) => isUsable(person, id, name)));
    const unusable = chosen.filter((_, place) => !usable[place]);
    for (const { id } of unusable) without.add(id);
    if (unusable.length > 0) continue;
    await block(person, chosen, putBack);
    return chosen;
  }
}

/** Blocks artists until the demo's end. */
export async function block(person: Person, artists: readonly { id: string }[], putBack: PutBack): Promise<void> {
  putBack.add('remove the blocks', () => removeDemoBlocks(person));
  for (const { id } of artists) await person.put(`blocks/${id}`, { note: 'Set by npm run demo', tags: [tag] });
}

/** Whether the search by name finds the artist, and the person has not blocked them already. */
export async function isUsable(person: Person, id: string, name: string): Promise<boolean> {
  const { items } = await person.get<Page<Artist>>(`artists?query=${encodeURIComponent(name)}`);
  return items.some((artist) => artist.id === id && !artist.blocked);
}

/** An artist with how much of the library is theirs, in words. */
export function candidateLine({ name, primary, featured, kinds }: Candidate): string {
  const where = [...kinds].map((kind) => places[kind]).join(', ');
  return primary === 0
    ? `${name}: only as a featured artist, ${featured} times (${where})`
    : `${name}: ${primary + featured} times (${where})`;
}

const places = { like: 'likes', album: 'albums', follow: 'follows', playlist: 'playlists' } as const;
