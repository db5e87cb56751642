import { decodeSequence } from '../../domain/playlist-sequence';
import { jsonArray, jsonArrayOf, jsonObject, type JsonText } from '../../domain/json-text';
import { type ExportedTable, partTables, personTables } from './account-export-tables';
import { unpack } from './library-content';
import { libraryJson, readStoredLibrary } from './library-file';
import type { EntityManager } from './orm';

type Row = Record<string, unknown> & { id?: string };
type Section = keyof typeof personTables;

/** Rows read with one statement: what is in memory at a time. */
const pageLength = 500;

/** Whose rows of a table are the person's, where it isn't simply their `user_id`. `?` takes their id. */
const belongs: Partial<Record<Section, string>> = {
  profile: `t.id = ?::uuid or t.merged_into = ?::uuid`,
  signIns: `t.user_id = ?::uuid or t.result_user_id = ?::uuid`,
  merges: `t.survivor_id = ?::uuid or t.absorbed_id = ?::uuid`,
  audit: `t.actor_id = ?::uuid or t.subject_id = ?::uuid`,
};

/**
 * Everything that a person has here, as the text of one JSON document, in pieces. Call it in a transaction that sees one
 * moment (repeatable read): what is read last fits what was read first. No secret is in it; see the list of tables.
 */
export function accountJson(em: EntityManager, userId: string, madeAt: Date): JsonText {
  const plain = (section: Section) => () => jsonArray(personRows(em, section, userId));
  const withParts = (section: Section, long: (row: Row) => Record<string, () => JsonText>) => () =>
    jsonArrayOf(objects(personRows(em, section, userId), long));
  const part = (name: keyof typeof partTables, parent: string) => (row: Row) => ({
    [name]: () => jsonArray(partRows(em, partTables[name], parent, row.id ?? '')),
  });
  return jsonObject({ format: 'do-not-play/account', formatVersion: 1, madeAt: madeAt.toISOString() }, {
    profile: plain('profile'),
    roles: plain('roles'),
    suspensions: plain('suspensions'),
    identities: plain('identities'),
    sessions: plain('sessions'),
    tokens: plain('tokens'),
    signIns: plain('signIns'),
    connections: withParts('connections', ({ id = '' }) => ({
      library: () => libraryText(em, id),
      keptPlaylists: () => jsonArray(keptPlaylists(em, id)),
      schedules: () => jsonArray(partRows(em, partTables.schedules, 'connection_id', id)),
      scheduledTurns: () => jsonArray(partRows(em, partTables.scheduledTurns, 'connection_id', id)),
      blockRestores: () => jsonArray(partRows(em, partTables.blockRestores, 'connection_id', id)),
    })),
    providerApps: plain('providerApps'),
    blocks: () => jsonArray(withArtistNames(em, personRows(em, 'blocks', userId))),
    trackBlocks: plain('trackBlocks'),
    exceptions: plain('exceptions'),
    lists: withParts('lists', ({ id = '' }) => ({
      versions: () =>
        jsonArrayOf(objects(partRows(em, partTables.versions, 'list_id', id), part('listed', 'version_id'))),
      entries: () => jsonArray(withArtistNames(em, partRows(em, partTables.entries, 'list_id', id))),
    })),
    listCurators: plain('listCurators'),
    listProposals: plain('listProposals'),
    listSubscriptions: plain('listSubscriptions'),
    categorySubscriptions: plain('categorySubscriptions'),
    offenses: plain('offenses'),
    offenseEvidence: plain('offenseEvidence'),
    submissionMutes: plain('submissionMutes'),
    decisionNotices: plain('decisionNotices'),
    withdrawalNotices: plain('withdrawalNotices'),
    reports: plain('reports'),
    appeals: withParts('appeals', part('messages', 'appeal_id')),
    decisionDrafts: plain('decisionDrafts'),
    decisionsSetAside: plain('decisionsSetAside'),
    blockImports: withParts('blockImports', part('rows', 'import_id')),
    catalogImports: plain('catalogImports'),
    plans: withParts('plans', part('items', 'plan_id')),
    runs: withParts('runs', part('actions', 'run_id')),
    jobs: withParts('jobs', part('milestones', 'job_id')),
    exports: plain('exports'),
    merges: plain('merges'),
    notifications: plain('notifications'),
    webhooks: plain('webhooks'),
    audit: () => jsonArray(withoutOthers(personRows(em, 'audit', userId), userId)),
  } satisfies Record<Section, () => JsonText>);
}

function personRows(em: EntityManager, section: Section, userId: string): AsyncGenerator<Row[]> {
  const where = belongs[section] ?? `t.user_id = ?::uuid`;
  return pages(em, personTables[section], where, where.split('?').slice(1).fill(userId));
}

function partRows(em: EntityManager, table: ExportedTable, parent: string, id: string): AsyncGenerator<Row[]> {
  return pages(em, table, `t.${parent} = ?::uuid`, [id]);
}

async function* pages(
  em: EntityManager,
  { table, omit, key: [key, type] }: ExportedTable,
  where: string,
  values: string[],
): AsyncGenerator<Row[]> {
  for (let after: string | null = null; ;) {
    const rows: { row: Row; key: string }[] = await em.execute(
      `select to_jsonb(t) - '{${omit.join(',')}}'::text[] as row, t.${key}::text as key from ${table} t
       where (${where}) and (?::text is null or t.${key} > ?::text::${type}) order by t.${key} limit ${pageLength}`,
      [...values, after, after],
    );
    if (rows.length > 0) yield rows.map(({ row }) => spelled(row));
    if (rows.length < pageLength) return;
    after = rows.at(-1)?.key ?? null;
  }
}

/** Columns as the API spells them. */
const spelled = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value,
    ]),
  );

async function* objects(
  batches: AsyncGenerator<Row[]>,
  long: (row: Row) => Record<string, () => JsonText>,
): AsyncGenerator<JsonText> {
  for await (const batch of batches) for (const row of batch) yield jsonObject(row, long(row));
}

/** What was decided about a person is theirs to read; who decided it is not. */
async function* withoutOthers(batches: AsyncGenerator<Row[]>, userId: string): AsyncGenerator<Row[]> {
  for await (const batch of batches)
    yield batch.map((row) => (row.actorId === userId ? row : { ...row, actorId: null }));
}

async function* withArtistNames(em: EntityManager, batches: AsyncGenerator<Row[]>): AsyncGenerator<Row[]> {
  for await (const batch of batches) {
    const named = await em.execute<{ id: string; name: string }[]>(
      `select id, name from artists where id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
      [JSON.stringify(batch.map(({ artistId }) => artistId))],
    );
    const names = new Map(named.map(({ id, name }) => [id, name]));
    yield batch.map((block) => ({ ...block, artistName: names.get(String(block.artistId)) ?? null }));
  }
}

async function* libraryText(em: EntityManager, connectionId: string): JsonText {
  const library = await readStoredLibrary(em, connectionId);
  if (library) yield* jsonObject({ syncedAt: library.syncedAt }, libraryJson(em, library));
  else yield 'null';
}

/** Playlists that runs have touched, with what was taken out of them still in its place: `ghostOf` names the action. */
async function* keptPlaylists(em: EntityManager, connectionId: string): AsyncGenerator<Row[]> {
  for (let after: string | null = ''; after !== null;) {
    const rows: { playlist_id: string; updated_at: string; sequence: Buffer }[] = await em.execute(
      `select playlist_id, updated_at, sequence from playlist_sequences
       where connection_id = ? and playlist_id > ? order by playlist_id limit 1`,
      [connectionId, after],
    );
    const [row] = rows;
    after = row?.playlist_id ?? null;
    if (!row) return;
    const entries = decodeSequence(await unpack<string>(row.sequence));
    yield [{ playlistId: row.playlist_id, updatedAt: row.updated_at, entries }];
  }
}
