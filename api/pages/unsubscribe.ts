import { readUnsubscribePath } from '../../adapters/email/unsubscribe-link';
import { unsubscribe } from '../../adapters/postgres/unsubscribing';
import { groupTitles } from '../../domain/announcement-texts';
import { DomainError } from '../../domain/errors';
import type { AppContext, Next } from '../context';
import type { Dependencies } from '../dependencies';
import { escapeHtml, htmlPage } from './html';

const prefix = '/unsubscribe/';

/**
 * Where the link in an e-mail leads. A GET asks, since programs that look through mail open links; a POST, with whatever body and from
 * whoever shows the mail (RFC 8058), ends e-mails of that kind without a session. Throws `not_found` for a link that was not made here.
 */
export function unsubscribePage({ config, orm }: Pick<Dependencies, 'config' | 'orm'>) {
  return async (ctx: AppContext, next: Next): Promise<unknown> => {
    if (!ctx.path.startsWith(prefix) || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return next();
    ctx.state.route = `${prefix}{link}`;
    ctx.set('Cache-Control', 'no-store');
    const what = readUnsubscribePath(config.VAULT_KEYS, ctx.path);
    if (!what) throw new DomainError('not_found');
    const title = escapeHtml(groupTitles[what.group]);
    ctx.type = 'text/html';
    if (ctx.method !== 'POST') {
      ctx.body = htmlPage(
        'No more e-mails',
        `<h1>No more e-mails about ${title}?</h1><p>What you have to know you find in Do Not Play all the same.</p>
<form method="post"><button class="button">No more of these</button></form>`,
      );
      return;
    }
    const { requestId } = ctx.state;
    await orm.em.fork().transactional((tx) => unsubscribe(tx, { ...what, requestId }));
    ctx.body = htmlPage(
      'No more e-mails',
      `<h1>Done</h1><p>You get no more e-mails about ${title}. <code>PATCH /api/v1/me</code> has them come again.</p>`,
    );
  };
}
