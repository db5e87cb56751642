/** Rows that go along when their artist is merged into another one, and come back when the two are parted. */
export interface FollowingTable {
  /** Names the artist; `given_artist_id` beside it keeps whom the row was given for. */
  column: 'artist_id' | 'subject_id';
  /** Which rows of the table name an artist; all of them unless said. */
  only?: string;
  /** Of what an artist has one row at most; of several the first by `order` shows, and the others are set aside. */
  single?: { of: readonly [string, ...string[]]; order: string };
}

export const followingTables = {
  artist_provider_ids: { column: 'artist_id' },
  artist_aliases: { column: 'artist_id', single: { of: ['name', 'locale', 'source'], order: 't.artist_id' } },
  artist_genres: { column: 'artist_id', single: { of: ['genre', 'source'], order: 't.artist_id' } },
  track_artists: { column: 'artist_id', single: { of: ['track_id'], order: 't.position' } },
  album_artists: { column: 'artist_id', single: { of: ['album_id'], order: 't.position' } },
  // What keeps an artist out for longer counts, of two that do the older one; and of exceptions the later one.
  blocks: {
    column: 'artist_id',
    single: { of: ['user_id'], order: 't.expires_at desc nulls first, t.created_at, t.artist_id' },
  },
  exceptions: {
    column: 'subject_id',
    only: `t.subject_type = 'artist'`,
    single: { of: ['user_id'], order: 't.created_at desc, t.id' },
  },
  block_import_rows: { column: 'artist_id' },
  list_entries: { column: 'artist_id' },
  offenses: { column: 'artist_id' },
} as const satisfies Record<string, FollowingTable>;
export type FollowingTableName = keyof typeof followingTables;

/** Columns that name artists, too, and are left as they were written, each with how the old ids in them stay good. */
export const referencesLeft: Readonly<Record<string, string>> = {
  'artist_merges.artist_id': 'the pair, as it was proposed',
  'artist_merges.other_id': 'the pair, as it was proposed',
  'artist_merges.kept_id': 'what was done',
  'artist_merges.merged_id': 'what was done',
  'former_artists.artist_id': 'says whom an old id stands for',
  'artist_merge_asides.artist_id': 'whom a row that is set aside was given for',
  'block_restores.subject_id': 'read as whom it stands for when it is carried out',
  'actions.artist_ids': 'what was done, for whom it was then; read as whom they stand for',
  'source_withdrawals.artist_ids': 'what was said no more, of whom it was then; read as whom they stand for',
  'block_import_rows.given_id': 'what the file says; read as whom it stands for',
  'block_import_rows.candidates': 'read as whom they stand for',
  'catalog_import_rows.candidates': 'read as whom they stand for',
  'catalog_changes.subject_id': 'what whoever follows the catalog is to look at again',
  'notifications.subject_id': 'what a person was told of; its link takes any id',
  'emails.subject_id': 'what a person is told of; its link takes any id',
  'audit_entries.subject_id': 'what happened, to whom it was then',
};
