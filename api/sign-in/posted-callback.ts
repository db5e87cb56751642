import { keepName } from '../../adapters/postgres/kept-names';
import { keepCallback, type FlowRow } from '../../adapters/postgres/oauth-transactions';
import { nameInUserField } from '../../adapters/providers/apple/first-name';
import { claimedSubject } from '../../adapters/providers/kept-id-token';
import type { Dependencies } from '../dependencies';
import { landed, sentOn, type Ending } from './ending';
import { flowOfBrowser, type Arrival } from './flow-of-browser';
import { callbackUrl } from './providers';

/** What a provider's form may bring; everything else in it is left where it is. */
export interface CallbackForm {
  state?: string;
  code?: string;
  error?: string;
  /** Apple's, unsigned, with the first consent only. */
  user?: string;
  id_token?: string;
}

/**
 * Takes what a provider's page posted and sends the browser on to the callback by GET: the form comes from another site, so the
 * session's cookie is not with it, and only there it can be seen who is signed in. Nothing is exchanged here. What came is
 * kept sealed in the flow, a name also apart from it, since it comes once.
 */
export async function takePostedCallback(arrival: Arrival, form: CallbackForm): Promise<Ending> {
  const { deps, provider } = arrival;
  const flow = await flowOfBrowser(arrival, form.state);
  if (typeof flow === 'string') return landed('/', { error: flow });
  if (flow.status === 'started' && !flow.expired) await keep(deps, flow, form);
  const next = new URL(callbackUrl(deps.config, provider));
  next.searchParams.set('state', form.state ?? '');
  return sentOn(next.href);
}

async function keep(deps: Dependencies, flow: FlowRow, form: CallbackForm): Promise<void> {
  const { state, code, error } = form;
  const name = nameInUserField(form.user);
  const callback = JSON.stringify({ state, code, error, name });
  const { jwe } = await deps.vault.seal(callback, { sub: flow.id, use: 'callback' });
  const secrets = await deps.vault.open(flow.flowSecrets, { sub: flow.id, use: 'flow' });
  const { nonce } = JSON.parse(secrets) as { nonce: string | null };
  const idToken = form.id_token ?? '';
  const subject = claimedSubject(idToken);
  await deps.orm.em.fork().transactional(async (em) => {
    if (!(await keepCallback(em, flow.id, jwe))) return;
    if (name !== null && nonce !== null && subject !== null)
      await keepName(em, deps.vault, { provider: flow.provider, subject, name, idToken, nonce });
  });
}
