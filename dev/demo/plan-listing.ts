import type { PlanItem } from './contract';
import { shorten } from './text-table';

const shownOfGroup = 6;

const titles: Readonly<Record<string, string>> = {
  liked_track: 'Liked songs',
  saved_album: 'Saved albums',
  followed_artist: 'Followed artists',
};

/** What a plan would take out, by place, each with the reason. */
export function planLines(items: readonly PlanItem[]): string[] {
  const groups = new Map<string, PlanItem[]>();
  for (const item of items) {
    const title = item.playlist ? `Playlist "${item.playlist.name}"` : (titles[item.itemType] ?? item.itemType);
    groups.set(title, [...(groups.get(title) ?? []), item]);
  }
  return [...groups].flatMap(([title, members]) => [
    `  ${title} (${members.length})`,
    ...members.slice(0, shownOfGroup).map((item) => `    ${describe(item)}`),
    ...(members.length > shownOfGroup ? [`    … and ${members.length - shownOfGroup} more`] : []),
  ]);
}

function describe({ name, itemType, artists, positions, matches, included }: PlanItem): string {
  const what = itemType === 'followed_artist' ? name : `${name} - ${artists.join(', ')}`;
  const places = positions && positions.length > 1 ? ` (${positions.length} places)` : '';
  const why = matches.map(({ artistName, role, source }) => `${artistName} is ${role}, ${source} block`).join('; ');
  return `${shorten(what, 60)}${places}  [${why}]${included ? '' : ' (left alone)'}`;
}
