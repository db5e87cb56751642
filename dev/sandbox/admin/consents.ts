import { z } from 'zod';
import type { Call, CallRouter, World } from '../conduct/world';
import { ageGrant, grantsOf, keepScopes, revokeGrant, tokensOf } from '../oauth/grants';
import { tokenServices, type Grant } from '../state/model';
import { AdminError } from './admin-error';
import { readBody, userOf } from './requests';

const dayMs = 86_400_000;
const monthDays = 30.5;
// With a client id only what that app was given is meant.
const which = z.object({ clientId: z.string().optional() });
const time = which.extend({
  months: z.number().nonnegative().default(0),
  days: z.number().nonnegative().default(0),
});
const fewer = which.extend({ scopes: z.array(z.string()) });

/** What happens to what a person gave apps at a service: it ends, is withdrawn, grows old or becomes less. */
export function serveConsents(world: World, router: CallRouter): void {
  router.post('/users/:id/:service/expire-tokens', (call) => {
    for (const token of meant(world, call).flatMap((grant) => tokensOf(world, grant))) {
      if (token.kind === 'access') token.expiresAt = Date.now() - 1;
    }
    world.changed();
    call.status = 204;
  });
  router.post('/users/:id/:service/revoke', (call) => {
    for (const grant of meant(world, call)) revokeGrant(world, grant.id);
    call.status = 204;
  });
  router.post('/users/:id/:service/age-consent', (call) => {
    const { months, days } = readBody(time, call);
    for (const grant of meant(world, call)) ageGrant(world, grant, (months * monthDays + days) * dayMs);
    call.status = 204;
  });
  router.post('/users/:id/:service/reduce-scopes', (call) => {
    const { scopes } = readBody(fewer, call);
    for (const grant of meant(world, call)) keepScopes(world, grant, scopes);
    call.status = 204;
  });
}

function meant(world: World, call: Call): Grant[] {
  const service = tokenServices.find((name) => name === call.params['service']);
  if (!service) throw new AdminError(404, 'There is no such service.');
  const { clientId } = readBody(which, call);
  return grantsOf(world, service, userOf(call)).filter((grant) => (clientId ?? grant.clientId) === grant.clientId);
}
