import { bodyParser } from '@koa/bodyparser';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';

/** Bytes; a provider's form holds a code, a JWT and a few words. */
const most = 32_768;

const parse = bodyParser({
  enableTypes: ['form'],
  parsedMethods: ['POST'],
  formLimit: `${most}`,
  onError: (error) => {
    if ((error as Error & { status?: number }).status === 413)
      throw new DomainError('payload_too_large', { params: { maxBytes: most } });
    throw new DomainError('invalid_request');
  },
});

/** Reads the body of an HTML form; another type of body is refused. */
export function formBody() {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(ctx.get('Content-Type')))
      throw new DomainError('unsupported_media_type');
    await parse(ctx, next);
  };
}
