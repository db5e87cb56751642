import type { Action } from './contract';

/** What undoing is declared to lose for one item in one place. */
export type DeclaredLosses = (itemType: string, uri: string, playlistId?: string) => ReadonlySet<string>;

const none: ReadonlySet<string> = new Set();

/** The losses that the actions of a run and of its rollback name. */
export function declaredLosses(actions: readonly Action[]): DeclaredLosses {
  const declared = new Map<string, Set<string>>();
  const keyOf = (itemType: string, uri: string, playlistId = '') => `${itemType} ${playlistId} ${uri}`;
  for (const { itemType, uri, playlist, losses } of actions) {
    const key = keyOf(itemType, uri, playlist?.id);
    declared.set(key, new Set([...(declared.get(key) ?? []), ...losses]));
  }
  return (itemType, uri, playlistId) => declared.get(keyOf(itemType, uri, playlistId)) ?? none;
}
