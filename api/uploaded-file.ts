import { createHash, randomUUID } from 'node:crypto';
import { open, unlink, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DomainError } from '../domain/errors';

/** Bytes read at once. */
const pieceLength = 16_384;

/**
 * A body that is a file: on disk, under no name, so that nothing of it is left when the process ends. What can be seen of it, its
 * hash included, tells one file from another.
 */
export class UploadedFile {
  readonly #handle: FileHandle;
  private constructor(
    readonly type: string,
    readonly bytes: number,
    readonly sha256: string,
    handle: FileHandle,
  ) {
    this.#handle = handle;
  }

  /** Takes a body as it comes. Throws DomainError `payload_too_large` at the first byte too many. */
  static async receive(body: AsyncIterable<Buffer>, type: string, maxBytes: number): Promise<UploadedFile> {
    const handle = await openNameless();
    try {
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of body) {
        bytes += chunk.length;
        if (bytes > maxBytes) throw new DomainError('payload_too_large', { params: { maxBytes } });
        hash.update(chunk);
        await handle.writeFile(chunk);
      }
      return new UploadedFile(type, bytes, hash.digest('hex'), handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /** Its bytes from the beginning, piece by piece. */
  async *chunks(): AsyncGenerator<Buffer> {
    for (let at = 0; at < this.bytes;) {
      const { buffer, bytesRead } = await this.#handle.read(Buffer.allocUnsafe(pieceLength), 0, pieceLength, at);
      yield buffer.subarray(0, bytesRead);
      at += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

async function openNameless(): Promise<FileHandle> {
  const path = join(tmpdir(), `do-not-play-${randomUUID()}`);
  const handle = await open(path, 'wx+', 0o600);
  await unlink(path);
  return handle;
}
