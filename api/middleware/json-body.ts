import { bodyParser } from '@koa/bodyparser';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';

const parse = bodyParser({
  enableTypes: ['json'],
  parsedMethods: ['POST', 'PUT', 'PATCH', 'DELETE'],
  jsonLimit: '1mb',
  onError: (error) => {
    const status = (error as Error & { status?: number }).status;
    if (status === 413) throw new DomainError('payload_too_large', { params: { maxBytes: 1_048_576 } });
    if (status === 415) throw new DomainError('unsupported_media_type');
    throw new DomainError('invalid_json');
  },
});

/** Reads a JSON body of at most 1 MB. Another type of body is refused; no body at all is left to the route's schema. */
export function jsonBody() {
  return async (ctx: AppContext, next: Next): Promise<void> => {
    const sent = Number(ctx.get('Content-Length')) > 0 || ctx.get('Transfer-Encoding') !== '';
    if (!sent) return void (await next());
    if (!/^application\/([\w.-]+\+)?json\s*(;|$)/i.test(ctx.get('Content-Type')))
      throw new DomainError('unsupported_media_type');
    await parse(ctx, next);
  };
}
