import { ratingKey } from './journal-truth';
import type { SandboxAppleLibrary, SandboxTrack } from './sandbox-admin';
import type { Person, System } from './system';

export interface SmallAppleLibrary {
  library: Record<string, unknown>;
  /** Whose songs and album are rated. */
  blockedArtist: string;
}

/**
 * An Apple Music library that has something of each kind and needs few calls: of the artist to block four songs, rated not at
 * all, liked and disliked, and an album that is liked; beside them somebody else's, liked.
 */
export function smallAppleLibrary(catalog: readonly SandboxTrack[]): SmallAppleLibrary {
  const own = new Map<string, SandboxTrack[]>();
  for (const track of catalog) {
    const [artist] = track.artists;
    if (artist && track.artists.length === 1 && track.appleMusicId)
      own.set(artist.name, [...(own.get(artist.name) ?? []), track]);
  }
  const [blocked, kept] = [...own].filter(([, tracks]) => tracks.length >= 4);
  if (!blocked || !kept) throw new Error('The catalog has no two artists with four songs of their own.');
  const songs = [...blocked[1].slice(0, 4), ...kept[1].slice(0, 2)];
  const idOf = (n: number) => songs[n]?.appleMusicId ?? '';
  return {
    blockedArtist: blocked[0],
    library: {
      songs: songs.map(({ appleMusicId: catalogId }) => ({ catalogId })),
      albums: [blocked[1][0], kept[1][0]].map((track) => ({ catalogId: track?.albumId })),
      ratings: [
        { type: 'songs', id: idOf(1), value: 1 },
        { type: 'songs', id: idOf(2), value: -1 },
        { type: 'songs', id: idOf(4), value: 1 },
        { type: 'albums', id: blocked[1][0]?.albumId, value: 1 },
      ],
    },
  };
}

export const ratingsOf = ({ ratings }: SandboxAppleLibrary): Record<string, 1 | -1> =>
  Object.fromEntries(ratings.map(({ type, id, value }) => [`${type}/${id}`, value]));

/** Gives a person the library, read, with a plan to dislike what is blocked; and which ratings there are before and after. */
export async function planDislikes(system: System, user: string, person: Person, small: SmallAppleLibrary) {
  await system.admin.setAppleLibrary(user, small.library as never);
  await person.sync();
  const em = system.orm.em.fork();
  const [artist] = await em.execute<{ id: string }[]>(
    `select i.provider_id as id from artist_provider_ids i join artists a on a.id = i.artist_id where i.provider = 'apple_music' and a.name = ?`,
    [small.blockedArtist],
  );
  await person.block(artist?.id ?? '');
  const plan = await person.plan('thorough');
  const items = await em.execute<{ uri: string }[]>(
    `select uri from plan_items where plan_id = ? and included and action_type <> 'none' order by seq`,
    [plan.id],
  );
  const before = ratingsOf(await system.admin.appleLibrary(user));
  const uris = items.map(({ uri }) => uri);
  return { plan, uris, before, after: { ...before, ...Object.fromEntries(uris.map((uri) => [ratingKey(uri), -1])) } };
}
