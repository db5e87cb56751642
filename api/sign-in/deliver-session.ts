import { audit } from '../../adapters/postgres/audit';
import { deliverFlow, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { createSession, endSession } from '../../adapters/postgres/sessions';
import type { AppContext, Caller } from '../context';
import type { Dependencies } from '../dependencies';
import { sessionCookie, setCookie } from '../session-cookie';

/**
 * Hands out the one session of a sign-in, with a new id, and ends the one that the browser had. A reload finds it handed out:
 * true while the browser is still signed in as that person, false after it signed out, so that "back" never signs in again.
 */
export async function deliverSession(
  ctx: AppContext,
  deps: Dependencies,
  caller: Caller | null,
  flow: FlowRow,
): Promise<boolean> {
  const userId = flow.resultUserId;
  if (userId === null) return false;
  const session = await deps.orm.em.fork().transactional(async (em) => {
    if (!(await deliverFlow(em, flow.id))) return null;
    if (caller?.via === 'session') await endSession(em, { userId: caller.userId, id: caller.credentialId });
    const made = await createSession(em, { userId, userAgent: ctx.get('User-Agent') || null, lifetime: deps.config });
    audit(em, {
      actorId: userId,
      event: 'session.created',
      outcome: 'done',
      subjectType: 'session',
      subjectId: made.id,
      details: { provider: flow.provider },
      requestId: ctx.state.requestId,
    });
    return made;
  });
  if (!session) return caller?.userId === userId;
  const https = deps.config.apiUrl.startsWith('https:');
  setCookie(ctx, { name: sessionCookie, value: session.token, path: '/', expires: session.endsAt, https });
  return true;
}
