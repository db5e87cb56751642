import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import type { FileBody } from '../route';
import { UploadedFile } from '../uploaded-file';

/**
 * Takes a body that is a file to disk before anybody works on it, so that a slow sender holds nothing else. Other types, other
 * encodings than UTF-8 and compressed bodies are refused.
 */
export function fileBody({ types, maxBytes }: FileBody) {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    const [type = '', ...parameters] = ctx.get('Content-Type').toLowerCase().split(';');
    const charset =
      parameters.map((parameter) => /^\s*charset="?([^"\s]*)/.exec(parameter)?.[1]).find(Boolean) ?? 'utf-8';
    const plain = /^(identity)?$/i.test(ctx.get('Content-Encoding'));
    if (!types.includes(type.trim()) || !/^utf-?8$/.test(charset) || !plain)
      throw new DomainError('unsupported_media_type', { params: { types: types.join(', '), charset: 'utf-8' } });
    if (Number(ctx.get('Content-Length')) > maxBytes)
      throw new DomainError('payload_too_large', { params: { maxBytes } });
    const file = await UploadedFile.receive(bodyOf(ctx), type.trim(), maxBytes);
    try {
      ctx.request.body = file;
      await next();
    } finally {
      await file.close();
    }
  };
}

/** A body that is refused half-way is read to its end by the server, so that the answer arrives. */
async function* bodyOf(ctx: AppContext): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) yield chunk as Buffer;
  } catch {
    throw new DomainError('invalid_request');
  }
}
