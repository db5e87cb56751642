import type { CatalogTrack } from '../catalog/catalog';
import { episodes } from '../catalog/episodes';
import type { Random } from './random';

/** A playlist before it has dates: who owns it and what is on it, `null` for an unavailable track. */
export interface PlaylistDraft {
  name: string;
  ownerId: string;
  collaborative: boolean;
  uris: (string | null)[];
  /** Who else added items; each third item is theirs. */
  guestId?: string;
}

const localFiles = [
  'spotify:local:Basement+Tapes:Rehearsal+2011:Untitled+Jam:254',
  'spotify:local:Choir+of+Class+4b:School+Concert:Evening+Song:131',
  'spotify:local:::Voice+memo+17:42',
];

/**
 * The playlists of the ten-year listener, with every hard case: a track more than once on one list, one track on many
 * lists, unavailable tracks, local files, an episode, collaborative lists of their own and of somebody else, a foreign
 * list that they only follow, an empty one, and lists longer than a page.
 */
export function listenerPlaylists(likes: CatalogTrack[], duets: CatalogTrack[], random: Random): PlaylistDraft[] {
  const uris = (count: number) => random.pick(likes, count).map(uriOf);
  const anthem = uriOf(duets[0] ?? likes[0] ?? { id: 'none' });
  const episode = `spotify:episode:${[...episodes.keys()][0]}`;
  const own = (name: string, list: (string | null)[]): PlaylistDraft => ({
    name,
    ownerId: 'listener',
    collaborative: false,
    uris: list,
  });
  const pairs = uris(12);
  return [
    own('Morning coffee', uris(40)),
    own('Running', spread(uris(57), [anthem, anthem, anthem])),
    own('Long drive', spread(uris(130), [anthem, ...pairs.slice(0, 6), ...pairs.slice(0, 6)])),
    own('Kitchen', spread(uris(34), [anthem])),
    own('Winter evenings', spread(uris(43), [null, null])),
    own('From my old laptop', spread(uris(22), localFiles)),
    own('Talks and songs', spread(uris(18), [episode, anthem])),
    own('Duets', duets.slice(0, 60).map(uriOf)),
    own('Two of each', [...pairs, ...pairs]),
    own(
      'Everything at once',
      spread(uris(215), [...localFiles, null, null, null, episode, anthem, anthem, ...pairs, ...pairs]),
    ),
    own('For later', []),
    { ...own('Wedding party', spread(uris(38), [anthem])), collaborative: true, guestId: 'second-listener' },
    {
      ...own('Road trip with friends', spread(uris(45), [anthem])),
      ownerId: 'second-listener',
      collaborative: true,
      guestId: 'listener',
    },
    { ...own('Found this week', spread(uris(29), [anthem])), ownerId: 'reviewer' },
  ];
}

/** The address of a track as playlists hold it. */
export function uriOf(track: { id: string }): string {
  return `spotify:track:${track.id}`;
}

// Lays the extras at even distances between the rest, so that each of them has neighbours of its own.
function spread(list: (string | null)[], extras: (string | null)[]): (string | null)[] {
  const result = [...list];
  const step = Math.max(1, Math.floor(list.length / (extras.length + 1)));
  extras.forEach((extra, place) => result.splice(Math.min(result.length, (place + 1) * (step + 1) - 1), 0, extra));
  return result;
}
