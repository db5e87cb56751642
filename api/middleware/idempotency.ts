import { createHash } from 'node:crypto';
import { claimIdempotencyKey, keepAnswer, releaseIdempotencyKey } from '../../adapters/postgres/idempotency-keys';
import { DomainError } from '../../domain/errors';
import type { AppContext } from '../context';
import type { Dependencies } from '../dependencies';
import type { Answer } from '../route';

/**
 * Answers a repeated POST with what the first one was answered, for 24 hours. Only successes are kept: after a refusal or a
 * failure the same key may be used again.
 */
export async function onceByKey(ctx: AppContext, deps: Dependencies, handle: () => Promise<Answer>): Promise<Answer> {
  const key = ctx.get('Idempotency-Key');
  const userId = ctx.state.caller?.userId;
  if (!key || !userId) return handle();
  if (!/^[\x21-\x7e]{1,200}$/.test(key)) {
    throw new DomainError('invalid_request', {
      errors: [{ path: 'headers.Idempotency-Key', code: 'invalid_format', message: '1 to 200 visible characters' }],
    });
  }
  const requestHash = createHash('sha256')
    .update(JSON.stringify([ctx.method, ctx.url, ctx.request.body ?? null]))
    .digest('hex');
  const em = deps.orm.em.fork();
  const kept = await claimIdempotencyKey(em, { userId, key, requestHash });
  if (kept) return { status: kept.status, body: kept.body, headers: kept.location ? { Location: kept.location } : {} };
  const answer = await handle().catch(async (error: unknown) => {
    await releaseIdempotencyKey(em, { userId, key });
    throw error;
  });
  await keepAnswer(em, { userId, key, ...answer, location: answer.headers?.Location ?? null });
  return answer;
}
