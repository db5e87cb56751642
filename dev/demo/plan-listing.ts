import type { PlanItem } from './contract';
import { shorten } from './text-table';

const shownOfGroup = 6;

const titles: Readonly<Record<string, string>> = {
  liked_track: 'Liked songs',
  saved_album: 'Saved albums',
  followed_artist: 'Followed artists',
  followed_playlist: 'Playlists of others that are followed',
  rated_song: 'Songs to be rated "Suggest Less"',
  rated_album: 'Albums to be rated "Suggest Less"',
  playlist_copy: 'Copies of playlists without what is blocked, where you ask for them',
};

/** What a plan would do, by place, each with the reason; the first few of each place. */
export function planLines(items: readonly PlanItem[], shown = shownOfGroup): string[] {
  const groups = new Map<string, PlanItem[]>();
  for (const item of items) {
    const title = titleOf(item);
    groups.set(title, [...(groups.get(title) ?? []), item]);
  }
  return [...groups].flatMap(([title, members]) => [
    `  ${title} (${members.length})`,
    ...members.slice(0, shown).map((item) => `    ${describe(item)}`),
    ...(members.length > shown ? [`    … and ${members.length - shown} more`] : []),
  ]);
}

function titleOf({ itemType, playlist }: PlanItem): string {
  if (playlist && itemType === 'manual') return `Playlist "${playlist.name}", to be done by hand`;
  if (playlist && itemType !== 'playlist_copy') return `Playlist "${playlist.name}"`;
  return titles[itemType] ?? itemType;
}

function describe({ name, itemType, artists, positions, matches, included }: PlanItem): string {
  if (itemType === 'playlist_copy') return name;
  const what = artists.length === 0 || itemType === 'followed_artist' ? name : `${name} - ${artists.join(', ')}`;
  const places = positions && positions.length > 1 ? ` (${positions.length} places)` : '';
  const why = matches.map(({ artistName, role, source }) => `${artistName} is ${role}, ${source} block`).join('; ');
  return `${shorten(what, 60)}${places}  [${why}]${included || itemType === 'manual' ? '' : ' (left alone)'}`;
}
