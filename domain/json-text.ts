/** Values that come in batches, such as the pages of a table. */
export type Batches = AsyncIterable<readonly unknown[]> | Iterable<readonly unknown[]>;

/** Pieces of JSON text that are one value when put together. */
export type JsonText = AsyncGenerator<string>;

/** An array of values, one a line, never more of them in memory than one batch. */
export async function* jsonArray(batches: Batches): JsonText {
  let before = '[';
  for await (const batch of batches) {
    for (const value of batch) {
      yield `${before}\n${JSON.stringify(value)}`;
      before = ',';
    }
  }
  yield before === '[' ? '[]' : ']';
}

/** An array whose items are themselves written piece by piece. */
export async function* jsonArrayOf(items: AsyncIterable<JsonText>): JsonText {
  let before = '[';
  for await (const item of items) {
    yield `${before}\n`;
    yield* item;
    before = ',';
  }
  yield before === '[' ? '[]' : ']';
}

/** An object: known fields first, then those that are written piece by piece, begun only when it is their turn. */
export async function* jsonObject(fields: Record<string, unknown>, long: Record<string, () => JsonText>): JsonText {
  const known = JSON.stringify(fields).slice(1, -1);
  yield `{${known}`;
  let before = known === '' ? '' : ',';
  for (const [name, text] of Object.entries(long)) {
    yield `${before}\n${JSON.stringify(name)}:`;
    yield* text();
    before = ',';
  }
  yield '}';
}
