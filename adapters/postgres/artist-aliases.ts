import { nameKey } from '../../domain/name-keys';
import { foldName } from '../../domain/names';
import type { EntityManager } from './orm';

/** Another name of an artist; `locale` is empty where none is said. */
export interface GivenAlias {
  artistId: string;
  name: string;
  locale: string;
}

/** Adds names that a source gives, as far as they are neither known from it nor the artist's own; says whose were new. */
export async function addAliases(tx: EntityManager, source: string, aliases: readonly GivenAlias[]): Promise<string[]> {
  const rows = aliases.map((alias) => ({ ...alias, folded: foldName(alias.name), key: nameKey(alias.name) }));
  const added = await tx.execute<{ artist_id: string }[]>(
    `insert into artist_aliases (artist_id, name, locale, source, folded_name, name_key) select r."artistId", r.name, r.locale, ?, r.folded, r.key
     from jsonb_to_recordset(?::jsonb) as r("artistId" uuid, name text, locale text, folded text, key text) join artists a on a.id = r."artistId"
     where a.name <> r.name on conflict do nothing returning artist_id`,
    [source, JSON.stringify(rows)],
  );
  return added.map((row) => row.artist_id);
}
