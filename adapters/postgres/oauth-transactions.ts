import type { FlowPurpose, FlowStatus } from '../../domain/oauth-flows';
import type { EntityManager } from './orm';

/** A flow as it is stored; the sealed columns are JWE. */
export interface FlowRow {
  id: string;
  provider: string;
  purpose: FlowPurpose;
  cookieHash: string;
  userId: string | null;
  connectionId: string | null;
  /** Null for the provider's configured client. */
  clientId: string | null;
  returnTo: string;
  redirectUri: string;
  requestId: string | null;
  flowSecrets: string;
  callbackSecrets: string | null;
  rawAnswer: string | null;
  status: FlowStatus;
  /** Tries that may have reached the provider and whose answer is not known. */
  ambiguousAttempts: number;
  restarts: number;
  errorCode: string | null;
  resultUserId: string | null;
  resultConnectionId: string | null;
  resultJobId: string | null;
  resultMergeId: string | null;
  expired: boolean;
}

const columns = `id, provider, purpose, cookie_hash as "cookieHash", user_id as "userId", connection_id as "connectionId",
  client_id as "clientId",
  return_to as "returnTo", redirect_uri as "redirectUri", request_id as "requestId", flow_secrets as "flowSecrets",
  callback_secrets as "callbackSecrets", raw_answer as "rawAnswer", status, ambiguous_attempts as "ambiguousAttempts",
  restarts, error_code as "errorCode", result_user_id as "resultUserId", result_connection_id as "resultConnectionId",
  result_job_id as "resultJobId", result_merge_id as "resultMergeId", expires_at <= now() as expired`;

/** Minutes from the redirect to the callback. */
export const flowMinutes = 10;

export interface NewFlow {
  id: string;
  provider: string;
  purpose: FlowPurpose;
  stateHash: string;
  cookieHash: string;
  userId: string | null;
  connectionId: string | null;
  /** Null for the provider's configured client. */
  clientId: string | null;
  returnTo: string;
  redirectUri: string;
  requestId: string | null;
  flowSecrets: string;
  restarts: number;
}

/** Writes a new flow. */
export async function startFlow(em: EntityManager, flow: NewFlow): Promise<void> {
  await em.execute(
    `insert into oauth_transactions (id, provider, purpose, state_hash, cookie_hash, user_id, connection_id, client_id, return_to,
       redirect_uri, request_id, flow_secrets, restarts, status, created_at, expires_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'started', now(), now() + make_interval(mins => ?))`,
    [
      flow.id,
      flow.provider,
      flow.purpose,
      flow.stateHash,
      flow.cookieHash,
      flow.userId,
      flow.connectionId,
      flow.clientId,
      flow.returnTo,
      flow.redirectUri,
      flow.requestId,
      flow.flowSecrets,
      flow.restarts,
      flowMinutes,
    ],
  );
}

/** The flow of a state; null for a state that was never given out. */
export async function findFlowByState(em: EntityManager, stateHash: string): Promise<FlowRow | null> {
  const [row] = await em.execute<FlowRow[]>(`select ${columns} from oauth_transactions where state_hash = ?`, [
    stateHash,
  ]);
  return row ?? null;
}

export async function findFlow(em: EntityManager, id: string): Promise<FlowRow | null> {
  const [row] = await em.execute<FlowRow[]>(`select ${columns} from oauth_transactions where id = ?`, [id]);
  return row ?? null;
}

/**
 * Keeps a callback's sealed parameters in a flow that is still to be claimed. The first ones count: false when there are some,
 * or the flow has gone on or is too old.
 */
export async function keepCallback(em: EntityManager, id: string, callbackSecrets: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update oauth_transactions set callback_secrets = ?
     where id = ? and status = 'started' and callback_secrets is null and expires_at > now() returning id`,
    [callbackSecrets, id],
  );
  return rows.length > 0;
}

/**
 * Takes a started flow for one callback, with its sealed parameters, or with those that were kept before. False when another
 * callback has it or it is too old.
 */
export async function claimFlow(em: EntityManager, id: string, callbackSecrets: string | null): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update oauth_transactions set status = 'claimed', callback_secrets = coalesce(?, callback_secrets), claimed_at = now()
     where id = ? and status = 'started' and expires_at > now() returning id`,
    [callbackSecrets, id],
  );
  return rows.length > 0;
}

/** Counts a try before it is made, as one that may have reached the provider. */
export async function beginExchange(em: EntityManager, id: string): Promise<void> {
  await em.execute(
    `update oauth_transactions set exchange_attempts = exchange_attempts + 1, ambiguous_attempts = ambiguous_attempts + 1
     where id = ?`,
    [id],
  );
}

/** Takes the count back where the provider certainly did not process the try. */
export async function exchangeNotProcessed(em: EntityManager, id: string): Promise<void> {
  await em.execute(`update oauth_transactions set ambiguous_attempts = ambiguous_attempts - 1 where id = ?`, [id]);
}

export async function keepRawAnswer(em: EntityManager, id: string, rawAnswer: string): Promise<void> {
  await em.execute(`update oauth_transactions set raw_answer = ? where id = ?`, [rawAnswer, id]);
}

/** Ends a flow well, and forgets its secrets. False when it has ended before. */
export async function succeedFlow(
  em: EntityManager,
  id: string,
  result: { userId: string; connectionId: string | null; jobId: string | null },
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update oauth_transactions set status = 'succeeded', result_user_id = ?, result_connection_id = ?, result_job_id = ?,
       flow_secrets = '', callback_secrets = null, raw_answer = null, finished_at = now()
     where id = ? and status = 'claimed' returning id`,
    [result.userId, result.connectionId, result.jobId, id],
  );
  return rows.length > 0;
}

/** Ends a flow that failed at one of these points, and forgets its secrets. False when it has gone on or ended before. */
export async function failFlow(
  em: EntityManager,
  id: string,
  errorCode: string,
  at: FlowStatus[] = ['started', 'claimed'],
): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update oauth_transactions set status = 'failed', error_code = ?, flow_secrets = '', callback_secrets = null,
       raw_answer = null, finished_at = now()
     where id = ? and status = any(?::text[]) returning id`,
    [errorCode, id, `{${at.join(',')}}`],
  );
  return rows.length > 0;
}

/** Notes the merge that a flow led to, for its landing. */
export async function noteMerge(em: EntityManager, id: string, mergeId: string): Promise<void> {
  await em.execute(`update oauth_transactions set result_merge_id = ? where id = ?`, [mergeId, id]);
}

/** Marks that a sign-in's session is handed out. True for exactly one caller, in whose transaction the session is made. */
export async function deliverFlow(em: EntityManager, id: string): Promise<boolean> {
  const rows = await em.execute<{ id: string }[]>(
    `update oauth_transactions set status = 'delivered' where id = ? and status = 'succeeded' returning id`,
    [id],
  );
  return rows.length > 0;
}
