import type { EffectiveBlock } from '../../domain/blocks';
import type { Library } from '../../domain/library';
import { blockedNames } from '../../domain/matching';
import { keysAround } from '../../domain/names-in-titles';
import { findMentions } from '../../domain/title-mentions';
import type { EntityManager } from './orm';

/**
 * Catalogue ids of the library's tracks whose titles give one of the names. Only titles are read for that, so that a
 * plan needn't hold the whole library's tracks; what those titles amount to is for matching to say.
 */
export async function tracksMentioning(
  em: EntityManager,
  library: Library,
  blocks: readonly EffectiveBlock[],
): Promise<string[]> {
  if (blocks.length === 0) return [];
  const inPlaylists = library.playlists.flatMap(({ items }) => items.flatMap(({ uri }) => uri ?? []));
  const uris = new Set([...library.likes.map(({ uri }) => uri), ...inPlaylists]);
  const titles = await em.execute<{ id: string; name: string }[]>(
    `with uris as materialized (select jsonb_array_elements_text(?::jsonb) as uri) select t.id, t.name from uris join tracks t using (uri)`,
    [JSON.stringify([...uris])],
  );
  const names = blockedNames(blocks);
  return titles.filter(({ name }) => findMentions(name, names).length > 0).map(({ id }) => id);
}

/** Which of the longer texts around a blocked name in the titles of followed playlists are names themselves, by their keys. */
export async function namesAround(
  em: EntityManager,
  { followedPlaylists }: Pick<Library, 'followedPlaylists'>,
  blocks: readonly EffectiveBlock[],
): Promise<Set<string>> {
  const names = blockedNames(blocks);
  const keys = new Set(followedPlaylists.flatMap(({ name }) => keysAround(name, names)));
  if (keys.size === 0) return new Set();
  const known = await em.execute<{ key: string }[]>(
    `select distinct name_key as key from artists where name_key = any(array(select jsonb_array_elements_text(?::jsonb)))`,
    [JSON.stringify([...keys])],
  );
  return new Set(known.map(({ key }) => key));
}
