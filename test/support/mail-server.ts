import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { SMTPServer } from 'smtp-server';

const fixture = (name: string) => readFileSync(join(__dirname, '..', 'fixtures', 'mail-server', name), 'utf8');

export interface MailServer {
  port: number;
  /** What `ca` has to be for its certificate to be taken. */
  certificate: string;
  /** Every mail that was taken, as it came. */
  mails: { from: string; to: string[]; text: string; encrypted: boolean; user: string | null }[];
  /** Replies to the next recipients, and to the next mails once they came whole; 250 afterwards. */
  toRecipients: number[];
  toMails: number[];
  close(): Promise<void>;
}

/** A real mail server that keeps what it gets. */
export async function startMailServer(
  options: { tls?: 'offered' | 'from_the_start' | 'none'; login?: { user: string; pass: string } } = {},
): Promise<MailServer> {
  const { tls = 'offered', login } = options;
  const certificate = fixture('certificate.pem');
  const mails: MailServer['mails'] = [];
  const toRecipients: number[] = [];
  const toMails: number[] = [];
  const answer = (codes: number[], done: (error?: Error | null) => void) => {
    const responseCode = codes.shift();
    done(responseCode ? Object.assign(new Error('somebody@example.test is not welcome'), { responseCode }) : null);
  };
  const server = new SMTPServer({
    key: fixture('key.pem'),
    cert: certificate,
    secure: tls === 'from_the_start',
    disabledCommands: tls === 'none' ? ['STARTTLS'] : [],
    authOptional: !login,
    disableReverseLookup: true,
    closeTimeout: 100,
    onAuth: ({ username, password }, _, done) =>
      username === login?.user && password === login?.pass
        ? done(null, { user: username })
        : done(Object.assign(new Error('no'), { responseCode: 535 })),
    onRcptTo: (_, __, done) => answer(toRecipients, done),
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        answer(toMails, (error) => {
          if (!error)
            mails.push({
              from: mailFrom ? mailFrom.address : '',
              to: rcptTo.map(({ address }) => address),
              text: Buffer.concat(chunks).toString(),
              encrypted: session.secure,
              user: session.user ? String(session.user) : null,
            });
          done(error);
        });
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.server.address() as AddressInfo).port,
    certificate,
    mails,
    toRecipients,
    toMails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
