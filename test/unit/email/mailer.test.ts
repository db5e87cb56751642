import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createMailer } from '../../../adapters/email/mailer';
import type { EmailMessage } from '../../../adapters/email/message';
import type { EmailSettings } from '../../../adapters/environment/email-settings';
import { startMailServer, type MailServer } from '../../support/mail-server';

const at = (port: number, settings: Partial<EmailSettings> = {}): EmailSettings => ({
  host: '127.0.0.1',
  port,
  secure: false,
  requireTls: false,
  auth: null,
  from: { name: 'Do Not Play', address: 'no-reply@dnp.example' },
  ...settings,
});
const message = (fields: Partial<EmailMessage> = {}): EmailMessage => ({
  id: '0190a000-0000-7000-8000-000000000001',
  to: 'somebody@example.test',
  subject: 'Do Not Play: your connections',
  text: 'Spotify must be connected again – before anything more can be done there.\n',
  date: new Date('2026-11-29T10:00:00Z'),
  unsubscribeUrl: 'https://dnp.example/unsubscribe/a/b/c',
  ...fields,
});

const running: { close(): unknown }[] = [];
afterEach(async () => {
  for (const server of running.splice(0)) await server.close();
});
async function mailServer(options: Parameters<typeof startMailServer>[0] = {}): Promise<MailServer> {
  const server = await startMailServer(options);
  running.push(server);
  return server;
}
/** A server driven by hand. */
async function handDriven(serve: (socket: Socket) => void): Promise<number> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  running.push({
    close: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  });
  return (server.address() as AddressInfo).port;
}
const send = (server: MailServer, settings: Partial<EmailSettings> = {}) =>
  createMailer(at(server.port, settings), { timeoutSeconds: 5, ca: server.certificate })(message());

describe('an e-mail', () => {
  it('arrives as it was meant, with one click to get no more of them', async () => {
    const server = await mailServer();
    expect(await send(server)).toEqual({ sent: true });
    const [mail] = server.mails;
    expect(mail).toMatchObject({ from: 'no-reply@dnp.example', to: ['somebody@example.test'], encrypted: true });
    const [head = ''] = mail?.text.split('\r\n\r\n') ?? [];
    const headers = head.replaceAll(/\r\n\s+/g, ' ').split('\r\n');
    expect(headers).toEqual(
      expect.arrayContaining([
        'From: Do Not Play <no-reply@dnp.example>',
        'To: somebody@example.test',
        'Subject: Do Not Play: your connections',
        'Message-ID: <0190a000-0000-7000-8000-000000000001@dnp.example>',
        'Date: Sun, 29 Nov 2026 10:00:00 +0000',
        'List-Unsubscribe: <https://dnp.example/unsubscribe/a/b/c>',
        'List-Unsubscribe-Post: List-Unsubscribe=One-Click',
        'Auto-Submitted: auto-generated',
        expect.stringMatching(/^Content-Type: text\/plain/),
      ]),
    );
  });

  it('goes to one address, or to none where that one is several', async () => {
    const server = await mailServer();
    const mail = createMailer(at(server.port), { timeoutSeconds: 5, ca: server.certificate });
    for (const to of ['a@example.test, b@example.test', 'a@example.test\r\nRCPT TO:<b@example.test>', 'a'])
      expect(await mail(message({ to }))).toMatchObject({ sent: false, code: 'refused' });
    expect(server.mails).toEqual([]);
    expect(await mail(message({ to: 'a+b@example.test' }))).toEqual({ sent: true });
    expect(server.mails.map(({ to }) => to)).toEqual([['a+b@example.test']]);
  });

  it.each([
    ['greylists', 'toRecipients', 451, 'deferred'],
    ['has no room at the moment', 'toMails', 452, 'deferred'],
    ['knows nobody of that name', 'toRecipients', 550, 'refused'],
    ['takes it for junk', 'toMails', 554, 'refused'],
  ] as const)('to a server that %s', async (_, where, reply, code) => {
    const server = await mailServer();
    server[where].push(reply);
    expect(await send(server)).toEqual({ sent: false, code, reply });
    expect(server.mails).toEqual([]);
    expect(await send(server)).toEqual({ sent: true });
  });

  it('goes over TLS from the first byte where that is wanted, with a login', async () => {
    const login = { user: 'dnp', pass: 'p@ss' };
    const server = await mailServer({ tls: 'from_the_start', login });
    expect(await send(server, { secure: true, auth: login })).toEqual({ sent: true });
    expect(server.mails).toMatchObject([{ encrypted: true, user: 'dnp' }]);
    const wrong = await send(server, { secure: true, auth: { user: 'dnp', pass: 'wrong' } });
    expect(wrong).toEqual({ sent: false, code: 'not_authorized', reply: 535 });
  });

  it('is not sent in the clear where TLS is required, nor to a server that is not who it says', async () => {
    const clear = await mailServer({ tls: 'none' });
    expect(await send(clear, { requireTls: true })).toMatchObject({ sent: false, code: 'tls_failed' });
    expect(clear.mails).toEqual([]);
    expect(await send(clear)).toEqual({ sent: true });
    const unknown = await mailServer();
    const mail = createMailer(at(unknown.port), { timeoutSeconds: 5 });
    expect(await mail(message())).toMatchObject({ sent: false, code: 'tls_failed' });
    expect(unknown.mails).toEqual([]);
  });

  it('may have arrived where the connection is cut after all of it was sent', async () => {
    const port = await handDriven((socket) => {
      let inData = false;
      socket.write('220 hello\r\n');
      socket.on('data', (chunk: Buffer) => {
        const text = chunk.toString();
        if (inData) return text.endsWith('\r\n.\r\n') ? void socket.destroy() : undefined;
        inData = /^DATA/i.test(text);
        socket.write(inData ? '354 go on\r\n' : '250 ok\r\n');
      });
    });
    const mail = createMailer(at(port), { timeoutSeconds: 5 });
    expect(await mail(message())).toEqual({ sent: false, code: 'cut_off', reply: null });
  });

  it('waits for nobody for long, and for nothing that is not there', async () => {
    const silent = await handDriven(() => undefined);
    expect(await createMailer(at(silent), { timeoutSeconds: 0.2 })(message())).toMatchObject({ code: 'timeout' });
    const nobody = createMailer(at(1), { timeoutSeconds: 5 });
    expect(await nobody(message())).toMatchObject({ code: 'unreachable' });
    const stopped = AbortSignal.abort(new Error('stopped'));
    await expect(nobody(message(), stopped)).rejects.toThrow('stopped');
  });
});
