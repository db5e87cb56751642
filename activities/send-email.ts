import type { Mailer } from '../adapters/email/mailer';
import { emailWords } from '../adapters/email/message';
import { unsubscribePath } from '../adapters/email/unsubscribe-link';
import { dropEmail, findOpenEmail, recordEmailAttempt, type OpenEmail } from '../adapters/postgres/emails';
import type { MikroORM } from '../adapters/postgres/orm';
import type { VaultKey } from '../adapters/vault/vault';
import { pageOf } from '../domain/announcement-places';
import { announcementText, groupTitles } from '../domain/announcement-texts';
import { announcementRules } from '../domain/announcements';
import { emailPauses, type EmailEnd } from '../domain/email-schedule';
import { activitySignal } from './activity-context';

export interface EmailInput {
  emailId: string;
}

export interface EmailDeps {
  orm: MikroORM;
  /** Null where no mail server is configured. */
  mailer: Mailer | null;
  /** They sign the way to end e-mails of a kind. */
  keys: readonly VaultKey[];
  /** Public origin of the API. */
  apiUrl: string;
  /** Counts an e-mail's end. */
  onEnd: (end: EmailEnd) => void;
}

/** Tells people by e-mail. */
export function createEmailActivities({ orm, mailer, keys, apiUrl, onEnd }: EmailDeps) {
  function messageOf(id: string, to: string, { userId, type, params, createdAt }: OpenEmail) {
    const { group } = announcementRules[type];
    const unsubscribeUrl = `${apiUrl}${unsubscribePath(keys, { userId, group })}`;
    const words = emailWords({
      text: announcementText(type, params),
      groupTitle: groupTitles[group],
      pageUrl: new URL(pageOf(type, params), apiUrl).href,
      unsubscribeUrl,
    });
    return { id, to, date: createdAt, unsubscribeUrl, ...words };
  }

  return {
    /**
     * Tries once; `attempt` counts from 1. A worker that dies before it has written down what the server said makes it be sent
     * again, and so does an answer that got lost: with the same Message-ID. `pauseSeconds` is null once nothing is left to do.
     */
    async attemptEmail({
      emailId,
      attempt,
    }: EmailInput & { attempt: number }): Promise<{ pauseSeconds: number | null }> {
      const em = orm.em.fork();
      const email = await findOpenEmail(em, emailId);
      if (!email) return { pauseSeconds: null };
      const drop = async (code: string) => {
        if (await dropEmail(em, emailId, code)) onEnd('dropped');
        return { pauseSeconds: null };
      };
      if (!mailer) return drop('not_configured');
      if (email.settled) return drop('settled');
      if (!email.isWanted) return drop('not_wanted');
      if (email.to === null) return drop('no_address');
      const result = await mailer(messageOf(emailId, email.to, email), activitySignal());
      const failureCode = result.sent ? null : result.code;
      const pause = failureCode === null || failureCode === 'refused' ? null : (emailPauses[attempt - 1] ?? null);
      const end = result.sent ? 'sent' : pause === null ? 'failed' : null;
      const reply = result.sent ? null : result.reply;
      if ((await recordEmailAttempt(em, emailId, { end, failureCode, reply })) && end) onEnd(end);
      return { pauseSeconds: pause };
    },
  };
}
