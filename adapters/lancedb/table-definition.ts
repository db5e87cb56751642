import type { Schema } from 'apache-arrow';

/** A table of vectors: each row has an `id`, a `vector`, and columns to filter and read by. */
export interface TableDefinition {
  /** As its folder is called. */
  name: string;
  /** Raised where rows are made in another way: the table is then made anew. */
  version: number;
  dimensions: number;
  columns: Readonly<Record<string, 'text' | 'number'>>;
  /** The column that says whose a row is; `id` where everybody has one at most. */
  owner: string;
  /** Columns that rows are filtered by; from `indexedFrom` rows on they have an index. */
  filtered: readonly string[];
  /** The column that full text is searched in. */
  fullText: string | null;
}

export interface TableRow {
  id: string;
  vector: ArrayLike<number>;
  [column: string]: unknown;
}

/** Below that, looking at each vector is as fast as an index, and exact. */
export const indexedFrom = 5_000;

export async function schemaOf({ dimensions, columns }: TableDefinition): Promise<Schema> {
  const arrow = await import('apache-arrow');
  const { Field, FixedSizeList, Float32, Float64, Utf8 } = arrow;
  const fields = Object.entries(columns).map(
    ([name, type]) => new Field(name, type === 'text' ? new Utf8() : new Float64(), true),
  );
  const vector = new FixedSizeList(dimensions, new Field('item', new Float32(), true));
  return new arrow.Schema([new Field('id', new Utf8(), false), ...fields, new Field('vector', vector, false)]);
}

/** A schema as two of them are compared: columns with their types, in any order. */
export const shapeOf = ({ fields }: Schema): string =>
  fields
    .map(({ name, type }) => `${name} ${String(type)}`)
    .sort()
    .join(', ');
