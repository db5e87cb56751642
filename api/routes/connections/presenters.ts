import type { z } from 'zod';
import type { ConnectionRow } from '../../../adapters/postgres/connection-reads';
import type { LibraryItem, ListedPlaylist } from '../../../adapters/postgres/library-listing';
import { lifecycleOf, reconnectPath } from '../../../domain/connection-lifecycle';
import { healthAction } from '../../../domain/health-action';
import { itemAddress, playlistUri } from '../../../domain/item-address';
import type { connectionSchema, libraryItemSchema } from './schema';

type Connection = z.input<typeof connectionSchema>;
type Item = z.input<typeof libraryItemSchema>;

export const presentConnection = (row: ConnectionRow): Connection => ({
  id: row.id,
  provider: row.provider,
  accountName: row.accountName,
  storefront: row.storefront,
  health: row.health as Connection['health'],
  healthCode: row.healthCode,
  checkedAt: row.checkedAt?.toISOString() ?? null,
  action: healthAction(row),
  scopes: row.scopes,
  lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
  version: row.version,
  createdAt: row.createdAt.toISOString(),
  app: row.provider === 'spotify' ? { clientId: row.clientId, own: row.ownApp } : null,
  library: row.generationId === null ? null : libraryCounts(row.libraryCounts ?? {}),
  syncJobId: row.syncJobId,
  refreshable: lifecycleOf(row.provider).refreshable,
  revocable: lifecycleOf(row.provider).revocable,
  reconnectHref: reconnectPath(row),
});

const libraryCounts = (counts: NonNullable<ConnectionRow['libraryCounts']>) => ({
  likes: counts.likes ?? 0,
  albums: counts.albums ?? 0,
  follows: counts.follows ?? 0,
  playlists: counts.playlist ?? 0,
});

export function presentLibraryItem(item: LibraryItem, { storefront }: Pick<ConnectionRow, 'storefront'>): Item {
  const address = item.uri === null ? null : itemAddress(item.uri, storefront);
  return { ...item, kind: address?.kind ?? 'other', url: address?.url ?? null };
}

export function presentPlaylist(
  { providerId, name, position, ...playlist }: ListedPlaylist,
  { provider }: Pick<ConnectionRow, 'provider'>,
): Item {
  const uri = playlistUri(provider, providerId);
  const url = itemAddress(uri)?.url ?? null;
  const described = { artists: [], album: null, imageUrl: null, url, addedAt: null };
  return { kind: 'playlist', uri, position, name, ...described, playlist: { id: providerId, ...playlist } };
}
