import type { PartComparison } from './compare-libraries';
import type { DeclaredLosses } from './losses';
import type { PlanItem } from './contract';
import type { SandboxLibrary } from './sandbox';
import { textTable } from './text-table';

/** The library at the three moments that the tables show. */
export interface Moments {
  before: SandboxLibrary;
  afterRun: SandboxLibrary;
  after: SandboxLibrary;
}

/** One line for each part of the library: how long it was, how long the run left it, and how it came back. */
export function partsTable(parts: readonly PartComparison[], { afterRun }: Moments): string[] {
  const rows = parts.map((part) => [
    part.title,
    String(part.before),
    String(lengthIn(afterRun, part)),
    String(part.after),
    verdict(part),
  ]);
  return textTable(['Part', 'before', 'after run', 'after rollback', 'came back'], rows);
}

/** One line for each item that the run touched: its places at each moment, counted from 1, and what was declared as lost. */
export function itemsTable(items: readonly PlanItem[], moments: Moments, declared: DeclaredLosses): string[] {
  const rows = items.map((item) => [
    `${item.name}${item.itemType === 'followed_artist' || item.artists.length === 0 ? '' : ` - ${item.artists.join(', ')}`}`,
    item.playlist?.name ?? titles[item.itemType] ?? item.itemType,
    placesIn(moments.before, item),
    placesIn(moments.afterRun, item),
    placesIn(moments.after, item),
    [...declared(item.itemType, item.uri, item.playlist?.id)].join(', ') || 'nothing',
  ]);
  return textTable(['Item', 'where', 'before', 'after run', 'after rollback', 'declared as lost'], rows);
}

/** Each undeclared difference as a sentence. */
export function faults(parts: readonly PartComparison[]): string[] {
  return parts.flatMap(({ title, differences }) =>
    differences
      .filter(({ declared }) => !declared)
      .map(
        ({ uri, what, place }) => `${title}${place ? `, place ${place}` : ''}: ${uri ?? 'unavailable item'}: ${what}`,
      ),
  );
}

const titles: Readonly<Record<string, string>> = {
  liked_track: 'Liked songs',
  saved_album: 'Saved albums',
  followed_artist: 'Followed artists',
  followed_playlist: 'Followed playlists',
};

function verdict({ kind, differences }: PartComparison): string {
  const undeclared = differences.filter(({ declared }) => !declared);
  if (undeclared.length > 0) return `DIFFERS: ${counted(undeclared)}`;
  const same = kind === 'playlist' ? 'same order' : 'same';
  return differences.length === 0 ? same : `${same}; lost: ${counted(differences)}`;
}

function counted(differences: PartComparison['differences']): string {
  const counts = new Map<string, number>();
  for (const { what } of differences) counts.set(what, (counts.get(what) ?? 0) + 1);
  return [...counts].map(([what, count]) => `${count} ${what}`).join(', ');
}

function lengthIn(library: SandboxLibrary, { kind, id }: PartComparison): number {
  if (kind !== 'playlist') return library[kind].length;
  return library.playlists.find((playlist) => playlist.id === id)?.items.length ?? 0;
}

function placesIn(library: SandboxLibrary, { itemType, uri, playlist }: PlanItem): string {
  const id = uri.slice(uri.lastIndexOf(':') + 1);
  if (itemType === 'saved_album') return library.albums.some(({ albumId }) => albumId === id) ? 'saved' : '-';
  if (itemType === 'followed_artist') return library.follows.includes(id) ? 'followed' : '-';
  if (itemType === 'followed_playlist') return library.playlists.some((each) => each.id === id) ? 'followed' : '-';
  const list =
    itemType === 'liked_track'
      ? library.likes.map(({ trackId }) => trackId === id)
      : (library.playlists.find((each) => each.id === playlist?.id)?.items.map((item) => item.uri === uri) ?? []);
  return list.flatMap((here, place) => (here ? [String(place + 1)] : [])).join(', ') || '-';
}
