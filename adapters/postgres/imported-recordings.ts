import { createHash } from 'node:crypto';
import type { ImportedRecording, ImportedRecordings } from '../../domain/catalog-imports';
import { nameKey } from '../../domain/name-keys';
import type { WorkedRow } from './catalog-import-rows';
import { newId } from './ids';
import { takeReleases } from './imported-releases';
import type { EntityManager } from './orm';

interface RecordingRow {
  seq: number;
  entry: ImportedRecordings;
}

/**
 * Takes recordings into the catalog, in the caller's transaction, each once for what its source calls it: links and credits are
 * what the source said last. Releases come with them as albums. The same again changes nothing.
 */
export async function takeRecordings(
  tx: EntityManager,
  source: string,
  rows: readonly RecordingRow[],
): Promise<WorkedRow[]> {
  const all = rows.flatMap(({ seq, entry }) => entry.recordings.map((recording) => ({ seq, entry: recording })));
  const last = new Map(all.map((one) => [one.entry.sourceId, one]));
  const said = [...last.values()]
    .map(({ entry }) => ({ id: newId(), entry, digest: digestOf(entry) }))
    .sort((a, b) => (a.entry.sourceId < b.entry.sourceId ? -1 : 1));
  const written = await tx.execute<{ id: string; source_id: string; made: boolean }[]>(
    `insert into recordings as old (id, source, source_id, name, duration_ms, digest)
     select id, ?, "sourceId", name, "durationMs", digest
     from jsonb_to_recordset(?::jsonb) as r(id uuid, "sourceId" text, name text, "durationMs" int, digest text)
     on conflict (source, source_id) do update set name = excluded.name, duration_ms = excluded.duration_ms, digest = excluded.digest
       where old.digest <> excluded.digest
     returning id, source_id, xmax = 0 as made`,
    [
      source,
      JSON.stringify(
        said.map(({ id, digest, entry: { sourceId, name, durationMs } }) => ({
          id,
          digest,
          sourceId,
          name,
          durationMs,
        })),
      ),
    ],
  );
  const idOf = new Map(written.map((row) => [row.source_id, row]));
  const changed = said.flatMap(({ entry }) => {
    const row = idOf.get(entry.sourceId);
    return row ? [{ id: row.id, entry }] : [];
  });
  await writeParts(tx, changed);
  const outcomes = new Map<number, 'created' | 'changed'>();
  for (const { seq, entry } of last.values()) {
    const row = idOf.get(entry.sourceId);
    if (row && outcomes.get(seq) !== 'created') outcomes.set(seq, row.made ? 'created' : 'changed');
  }
  const releases = rows.flatMap(({ seq, entry: { release, recordings } }) =>
    release ? { seq, entry: release, recordingIds: recordings.map(({ sourceId }) => sourceId) } : [],
  );
  for (const seq of await takeReleases(tx, source, releases)) if (!outcomes.has(seq)) outcomes.set(seq, 'changed');
  return rows.map(({ seq }) => ({ seq, outcome: outcomes.get(seq) ?? 'unchanged', candidates: [] }));
}

const digestOf = (entry: ImportedRecording): string => createHash('sha256').update(JSON.stringify(entry)).digest('hex');

async function writeParts(
  tx: EntityManager,
  recordings: readonly { id: string; entry: ImportedRecording }[],
): Promise<void> {
  const ids = JSON.stringify(recordings.map(({ id }) => id));
  for (const table of ['recording_links', 'recording_credits'])
    await tx.execute(
      `delete from ${table} where recording_id in (select (jsonb_array_elements_text(?::jsonb))::uuid)`,
      [ids],
    );
  const links = recordings.flatMap(({ id, entry }) => [
    ...entry.isrcs.map((value) => ({ id, kind: 'isrc', value })),
    ...entry.uris.map((value) => ({ id, kind: 'uri', value })),
  ]);
  await tx.execute(
    `insert into recording_links (recording_id, kind, value)
     select id, kind, value from jsonb_to_recordset(?::jsonb) as r(id uuid, kind text, value text)`,
    [JSON.stringify(links)],
  );
  const credits = recordings.flatMap(({ id, entry }) =>
    entry.credits.map(({ role, name, id: known }, seq) => ({
      id,
      seq,
      role,
      name,
      key: nameKey(name),
      provider: known?.provider ?? null,
      provider_id: known?.value ?? null,
    })),
  );
  await tx.execute(
    `insert into recording_credits (recording_id, seq, role, provider, provider_id, name, name_key)
     select id, seq, role, provider, provider_id, name, key
     from jsonb_to_recordset(?::jsonb) as r(id uuid, seq smallint, role text, provider text, provider_id text, name text, key text)`,
    [JSON.stringify(credits)],
  );
}
