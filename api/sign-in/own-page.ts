import { DomainError } from '../../domain/errors';
import type { AppContext } from '../context';

/**
 * A flow that ends in the account of whoever is signed in starts from a page of ours, or from no page at all. Another site could
 * sign the browser in at a provider with an account of its own, and send it through such a flow to get a way in. Browsers say
 * where a navigation comes from; programs say nothing. Throws `origin_not_allowed`.
 */
export function requireOwnPage(ctx: AppContext, webOrigins: string[]): void {
  const from = ctx.get('Sec-Fetch-Site');
  if (from === '' || from === 'none' || from === 'same-origin') return;
  const referrer = ctx.get('Referer');
  if (!URL.canParse(referrer) || !webOrigins.includes(new URL(referrer).origin))
    throw new DomainError('origin_not_allowed');
}
