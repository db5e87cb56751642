import { newId } from '../../../adapters/postgres/ids';
import type { EntityManager } from '../../../adapters/postgres/orm';
import type { ListVersionState, ListVisibility } from '../../../domain/community-lists';
import type { OffenseCategory, OffenseStatus } from '../../../domain/offenses';

/** How long something is kept from taking effect. */
export type Restriction = 'none' | 'past' | 'now' | 'forever';
const until: Record<Restriction, string> = {
  none: 'null',
  past: `now() - interval '1 hour'`,
  now: `now() + interval '1 hour'`,
  forever: 'null',
};

export interface VersionRow {
  artistIds: readonly string[];
  state?: ListVersionState;
  hoursOld?: number;
}

export interface ListRow {
  ownerId?: string | null;
  name?: string;
  visibility?: ListVisibility;
  versions: readonly VersionRow[];
  /** The number of the one that counts; the last one unless said. */
  latest?: number | null;
  restriction?: Restriction;
}

/** Lists and offenses as moderation and their authors would have left them, put in directly. */
export class FollowedRows {
  constructor(readonly em: EntityManager) {}

  async list({ ownerId = null, versions, restriction = 'none', ...rest }: ListRow): Promise<string> {
    const id = newId();
    const { name = 'The Invented Few', visibility = 'public', latest = versions.length || null } = rest;
    await this.em.execute(
      `insert into community_lists (id, user_id, name, description, criteria, visibility, latest_version, restricted_at, restricted_until)
       values (?, ?, ?, '', 'Invented', ?, ?, ${restriction === 'none' ? 'null' : `now() - interval '1 day'`}, ${until[restriction]})`,
      [id, ownerId, name, visibility, latest],
    );
    for (const version of versions) await this.version(id, version);
    return id;
  }

  /** Adds the next version; an artist who was there before keeps the entry. */
  async version(listId: string, { artistIds, state = 'published', hoursOld = 100 }: VersionRow): Promise<void> {
    await this.em.execute(
      `insert into list_entries (id, list_id, artist_id) select gen_random_uuid(), ?, id::uuid from jsonb_array_elements_text(?::jsonb) as id
       where id::uuid not in (select artist_id from list_entries where list_id = ?)`,
      [listId, JSON.stringify(artistIds), listId],
    );
    await this.em.execute(
      `with made as (insert into list_versions (id, list_id, number, state, entries, added, removed, published_by, published_at)
         select gen_random_uuid(), ?, count(*) + 1, ?, ?, 0, 0, gen_random_uuid(), now() - make_interval(hours => ?) from list_versions where list_id = ? returning id)
       insert into list_version_entries (version_id, entry_id) select made.id, e.id from made, list_entries e
       where e.list_id = ? and e.artist_id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
      [listId, state, artistIds.length, hoursOld, listId, listId, JSON.stringify(artistIds)],
    );
  }

  async decideEntry(listId: string, artistId: string, decided: 'withdrawn' | Restriction): Promise<void> {
    const change = decided === 'withdrawn' ? 'withdrawn_at = now()' : `restricted_until = ${until[decided]}`;
    await this.em.execute(`update list_entries set ${change} where list_id = ? and artist_id = ?`, [listId, artistId]);
  }

  async offense(
    artistId: string,
    category: OffenseCategory,
    { status = 'sources_verified', restriction = 'none' }: { status?: OffenseStatus; restriction?: Restriction } = {},
  ): Promise<string> {
    const id = newId();
    await this.em.execute(
      `insert into offenses (id, artist_id, category, severity, title, status, restricted_until) values (?, ?, ?, 'minor', 'Invented', ?, ${until[restriction]})`,
      [id, artistId, category, status],
    );
    return id;
  }

  async follow(
    userId: string,
    listId: string,
    { version = null, newEntries = 'at_once' }: { version?: number | null; newEntries?: string } = {},
  ): Promise<void> {
    await this.em.execute(
      `insert into list_subscriptions (id, user_id, list_id, follows, new_entries, list_version) values (?, ?, ?, ?, ?, ?)`,
      [newId(), userId, listId, version === null ? 'latest' : 'pinned', newEntries, version],
    );
  }

  async followCategory(userId: string, category: OffenseCategory): Promise<void> {
    await this.em.execute(`insert into category_subscriptions (id, user_id, category) values (?, ?, ?)`, [
      newId(),
      userId,
      category,
    ]);
  }

  async switchOffenses(enabled: boolean): Promise<void> {
    await this.em.execute(
      `insert into operator_switches (name, enabled) values ('offenses', ?) on conflict (name) do update set enabled = excluded.enabled`,
      [enabled],
    );
  }
}
