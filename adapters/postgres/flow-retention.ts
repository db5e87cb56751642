import type { EntityManager } from './orm';

/** A flow that came to an end without its callback. */
export interface FlowEnd {
  provider: string;
  purpose: string;
  outcome: 'abandoned' | 'internal_error';
}

/** Days for which a flow's row is counted after its end. */
export const flowRowDays = 90;

/**
 * Ends flows from which nobody came back in time, and those whose callback was taken a day ago and got no further: the
 * process stopped between the two, and nobody tried again. Each is returned once.
 */
export async function endForgottenFlows(em: EntityManager): Promise<FlowEnd[]> {
  const secretsGone = `flow_secrets = '', callback_secrets = null, raw_answer = null`;
  const abandoned = await em.execute<FlowEnd[]>(
    `update oauth_transactions set status = 'abandoned', finished_at = expires_at, ${secretsGone}
     where cookie_hash <> '' and expires_at <= now() and status = 'started'
     returning provider, purpose, 'abandoned' as outcome`,
  );
  const stuck = await em.execute<FlowEnd[]>(
    `update oauth_transactions set status = 'failed', error_code = 'internal_error', finished_at = now(), ${secretsGone}
     where cookie_hash <> '' and expires_at < now() - interval '1 day' and status = 'claimed'
     returning provider, purpose, 'internal_error' as outcome`,
  );
  return [...abandoned, ...stuck];
}

/**
 * A day after its end a flow's row only says of which provider it was, what for and how it ended; after 90 days it goes.
 * `cookie_hash` is empty where the rest is gone, and an index holds the others.
 */
export async function forgetFlowDetails(em: EntityManager): Promise<void> {
  await em.execute(
    `update oauth_transactions set cookie_hash = '', return_to = '', redirect_uri = '', request_id = null, user_id = null,
       connection_id = null, client_id = null, result_user_id = null, result_connection_id = null, result_job_id = null,
       result_merge_id = null
     where cookie_hash <> '' and expires_at < now() - interval '1 day' and finished_at < now() - interval '1 day'`,
  );
  await em.execute(
    `delete from oauth_transactions where expires_at < now() - make_interval(days => ?)
       and coalesce(finished_at, expires_at) < now() - make_interval(days => ?)`,
    [flowRowDays, flowRowDays],
  );
}
