import { createGzip } from 'node:zlib';

/** Bytes of one row. */
const chunkBytes = 256 * 1024;

/**
 * Packs text as one gzip stream and hands it over in pieces of about 256 kB, in order, waiting for each to be taken.
 * Returns the number of bytes.
 */
export async function gzipInChunks(
  text: AsyncIterable<string>,
  take: (bytes: Buffer, seq: number) => Promise<void>,
): Promise<number> {
  const gzip = createGzip({ level: 6 });
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let bytes = 0;
  let seq = 0;
  gzip.on('data', (piece: Buffer) => {
    waiting.push(piece);
    waitingBytes += piece.length;
  });
  const hand = async () => {
    const chunk = Buffer.concat(waiting);
    waiting = [];
    waitingBytes = 0;
    bytes += chunk.length;
    await take(chunk, seq);
    seq += 1;
  };
  for await (const piece of text) {
    await new Promise<void>((resolve, reject) => {
      gzip.write(piece, (error) => (error ? reject(error) : resolve()));
    });
    if (waitingBytes >= chunkBytes) await hand();
  }
  await new Promise<void>((resolve, reject) => {
    gzip.once('end', resolve).once('error', reject);
    gzip.end();
  });
  if (waitingBytes > 0) await hand();
  return bytes;
}
