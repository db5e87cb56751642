import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VectorDatabase } from '../../adapters/lancedb/database';
import type { TableDefinition } from '../../adapters/lancedb/table-definition';
import { type TableWriter, writeTable } from '../../adapters/lancedb/table-writer';
import { VectorTable } from '../../adapters/lancedb/vector-table';
import { holdingIndexWriterLock } from '../../adapters/postgres/index-writer-lock';
import { openOrm, type MikroORM } from '../../adapters/postgres/orm';
import { createTestDatabase, type TestDatabase } from '../support/engines';

const names: TableDefinition = {
  name: 'names',
  version: 1,
  dimensions: 3,
  columns: { key: 'text', size: 'number' },
  owner: 'key',
  filtered: ['key'],
  fullText: 'key',
};

describe('a table of vectors', () => {
  let folder: string;
  let postgres: TestDatabase;
  let orm: MikroORM;
  let database: VectorDatabase;
  let table: VectorTable;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'dnp-vectors-'));
    postgres = await createTestDatabase();
    orm = await openOrm(postgres.url);
    database = new VectorDatabase(folder);
    table = new VectorTable(database, names);
  });

  afterAll(async () => {
    database?.close();
    await orm?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const write = <T>(work: (writer: TableWriter) => Promise<T>, into = database) =>
    writeTable(into, names, (held) => holdingIndexWriterLock(orm.em, held), work);
  const row = (id: string, vector: number[], key = id, size: number | null = 1) => ({ id, vector, key, size });
  const ids = (found: { id: string }[]) => found.map(({ id }) => id);

  test('is missing until it is made, keeps one row for an id, and finds the nearest first', async () => {
    await expect(table.nearest([1, 0, 0], 3)).rejects.toThrow(expect.objectContaining({ name: 'IndexMissing' }));
    await write(async (writer) => {
      await writer.upsert([row('north', [0, 1, 0]), row('east', [1, 0, 0]), row('east', [1, 0.1, 0])]);
      await writer.upsert([row('north', [0, 1, 0.1]), row('up', [0, 0, 1], "it's", null)]);
    });
    expect(await table.count()).toBe(3);
    const found = await table.nearest([0.9, 0.5, 0], 2);
    expect(ids(found)).toEqual(['east', 'north']);
    expect(found[0]?.cosine).toBeCloseTo(0.92, 1);
  });

  test('lets nothing but its values through a filter', async () => {
    expect(ids(await table.nearest([1, 1, 1], 5, { equal: { key: "it's" } }))).toEqual(['up']);
    expect(ids(await table.nearest([1, 1, 1], 5, { equal: { key: "x' or '1' = '1" } }))).toEqual([]);
    expect(ids(await table.nearest([1, 1, 0], 5, { between: { size: [0.5, 1.5] }, idNot: 'east' }))).toEqual(['north']);
    await expect(table.nearest([1, 1, 1], 5, { between: { size: [0, Number.NaN] } })).rejects.toThrow(RangeError);
  });

  test('takes no vector that is none, and then nothing of what came with it', async () => {
    for (const [code, vector] of [
      ['vector_empty', []],
      ['vector_wrong_dimensions', [1, 2]],
      ['vector_not_finite', [1, Number.NaN, 0]],
    ] as const) {
      const fails = expect.objectContaining({ name: 'VectorError', code });
      await expect(write((writer) => writer.upsert([row('new', [1, 1, 1]), row('bad', [...vector])]))).rejects.toThrow(
        fails,
      );
      await expect(table.nearest([...vector], 1)).rejects.toThrow(fails);
    }
    expect(await table.count()).toBe(3);
  });

  test('finds words, forgets what is removed, and shows to one process what another wrote', async () => {
    const other = new VectorDatabase(folder);
    await write(async (writer) => {
      await writer.upsert([row('sigur', [1, 1, 1], 'sigur rós'), row('drop', [1, 1, 1], 'sigur gone')]);
      await writer.remove(['drop', "'; drop"]);
      await writer.tidy();
    }, other);
    other.close();
    expect(await table.matching('SIGUR ros', 5)).toEqual(['sigur']);
    expect(await table.matching('gone', 5)).toEqual([]);
    expect(ids(await table.nearest([1, 1, 1], 1))).toEqual(['sigur']);
  });

  test('has one writer at a time: four that add the same row at once make one', async () => {
    const others = Array.from({ length: 4 }, () => new VectorDatabase(folder));
    await Promise.all(others.map((other) => write((writer) => writer.upsert([row('same', [1, 0, 1])]), other)));
    others.forEach((other) => other.close());
    expect(ids(await table.nearest([1, 0, 1], 6)).filter((id) => id === 'same')).toHaveLength(1);
  });

  test('is made anew where its folder was deleted', async () => {
    rmSync(join(folder, 'names.lance'), { recursive: true });
    await expect(table.count()).rejects.toThrow(expect.objectContaining({ name: 'IndexMissing' }));
    await write((writer) => writer.upsert([row('back', [1, 0, 0])]));
    expect(ids(await table.nearest([1, 0, 0], 3))).toEqual(['back']);
  });
});
