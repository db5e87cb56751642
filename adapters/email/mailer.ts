import { createTransport } from 'nodemailer';
import type { EmailSettings } from '../environment/email-settings';
import type { EmailMessage } from './message';

/** Why an e-mail was not sent; after `timeout` and `cut_off` nobody here knows whether it was. */
export type EmailFailure =
  'refused' | 'deferred' | 'unreachable' | 'timeout' | 'tls_failed' | 'not_authorized' | 'cut_off';

/** What came of a try; `reply` is the server's code, where it gave one. Only `refused` is the server's last word. */
export type EmailResult = { sent: true } | { sent: false; code: EmailFailure; reply: number | null };

/** One mailbox and nothing that could be read as more. */
const oneAddress = /^[^\s@<>()[\],;:"\\]+@[^\s@<>()[\],;:"\\]+$/;

/** Sends an e-mail once. Whatever a server does is a result; throws only where `signal` ends it. */
export type Mailer = (message: EmailMessage, signal?: AbortSignal) => Promise<EmailResult>;

/**
 * SMTP by nodemailer, a connection for each message. No error goes further: a server's words may hold the address. `timeoutSeconds`
 * holds for everything together. `ca` is for servers whose certificate no public authority signed.
 */
export function createMailer(
  settings: EmailSettings,
  { timeoutSeconds, ca }: { timeoutSeconds: number; ca?: string },
): Mailer {
  const milliseconds = timeoutSeconds * 1_000;
  const transport = createTransport({
    host: settings.host,
    port: settings.port,
    secure: settings.secure,
    requireTLS: settings.requireTls,
    ...(settings.auth ? { auth: settings.auth } : {}),
    ...(ca ? { tls: { ca } } : {}),
    dnsTimeout: milliseconds,
    connectionTimeout: milliseconds,
    greetingTimeout: milliseconds,
    socketTimeout: milliseconds,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const domain = settings.from.address.slice(settings.from.address.lastIndexOf('@') + 1);

  return async (message, signal) => {
    if (!oneAddress.test(message.to)) return { sent: false, code: 'refused', reply: null };
    const clock = AbortSignal.timeout(milliseconds);
    const either = signal ? AbortSignal.any([clock, signal]) : clock;
    try {
      await transport.sendMail({
        signal: either,
        from: settings.from,
        to: { name: '', address: message.to },
        envelope: { from: settings.from.address, to: [message.to] },
        messageId: `<${message.id}@${domain}>`,
        date: message.date,
        subject: message.subject,
        text: message.text,
        headers: {
          // RFC 8058: one POST there, by whoever shows the message, and no question asked.
          'List-Unsubscribe': `<${message.unsubscribeUrl}>`,
          'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
          'Auto-Submitted': 'auto-generated',
        },
      });
      return { sent: true };
    } catch (error) {
      signal?.throwIfAborted();
      return { sent: false, ...failureOf(error, clock) };
    }
  };
}

/** What nodemailer tells of an error, besides words. */
interface SmtpError {
  code?: string;
  /** The system's own, where nodemailer put another in its place. */
  originalCode?: string;
  responseCode?: number | null;
}

function failureOf(error: unknown, clock: AbortSignal): { code: EmailFailure; reply: number | null } {
  const { responseCode: reply = null, ...fault } = error as SmtpError;
  return { code: kindOf(fault, reply, clock.aborted), reply };
}

/** Replies of the 5xx kind are a server's last word on a message (RFC 5321, 4.2.1), but not on who we are or when we come. */
function kindOf({ code = '', originalCode = '' }: SmtpError, reply: number | null, late: boolean): EmailFailure {
  if (code === 'EAUTH' || code === 'ENOAUTH' || reply === 530) return 'not_authorized';
  if (code === 'ETLS' || /CERT|SSL|TLS|ISSUER|SIGNATURE/.test(originalCode)) return 'tls_failed';
  const aboutIt = code === 'EENVELOPE' || code === 'EMESSAGE';
  if (reply !== null) return aboutIt && reply >= 500 && reply !== 503 ? 'refused' : 'deferred';
  if (aboutIt) return 'refused';
  if (late || code === 'ETIMEDOUT') return 'timeout';
  return code === 'ECONNECTION' ? 'cut_off' : 'unreachable';
}
