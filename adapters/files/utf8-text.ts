/** Bytes are not UTF-8; everything before that place was given. */
export class NotUtf8 extends Error {}

const strictDecoder = () => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Bytes as text, each piece as far as its characters are complete. Throws NotUtf8. */
export async function* utf8Text(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = strictDecoder();
  /** What the decoder keeps: the beginning of a character. */
  let begun = Buffer.alloc(0);
  for await (const chunk of bytes) {
    const all = Buffer.concat([begun, chunk]);
    let text: string;
    try {
      text = decoder.decode(chunk, { stream: true });
    } catch {
      yield goodStart(all);
      throw new NotUtf8();
    }
    begun = Buffer.from(all.subarray(Buffer.byteLength(text)));
    yield text;
  }
  if (begun.length > 0) throw new NotUtf8();
}

function goodStart(bytes: Uint8Array): string {
  const decoder = strictDecoder();
  let text = '';
  try {
    for (const byte of bytes) text += decoder.decode(Uint8Array.of(byte), { stream: true });
  } catch {
    // Here the damage is.
  }
  return text;
}
