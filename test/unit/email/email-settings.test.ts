import { emailSettings } from '../../../adapters/environment/email-settings';

const read = (SMTP_URL?: string, SMTP_FROM?: string, NODE_ENV: 'test' | 'production' = 'test') => {
  const faults: string[] = [];
  return { settings: emailSettings({ SMTP_URL, SMTP_FROM, NODE_ENV }, faults), faults };
};

describe('the mail server', () => {
  it.each([
    [undefined, undefined, null],
    ['smtp://relay.example', 'a@dnp.example', { host: 'relay.example', port: 587, secure: false, auth: null }],
    ['smtps://[::1]', 'a@dnp.example', { host: '::1', port: 465, secure: true }],
    ['smtp://u%40x:p%3As@relay.example:25/', 'a@dnp.example', { port: 25, auth: { user: 'u@x', pass: 'p:s' } }],
    ['smtp://r.example', 'Do Not Play <a@dnp.example>', { from: { name: 'Do Not Play', address: 'a@dnp.example' } }],
  ])('%s, from %s', (url, from, expected) => {
    const { settings, faults } = read(url, from);
    expect(faults).toEqual([]);
    if (expected === null) expect(settings).toBeNull();
    else expect(settings).toMatchObject(expected);
  });

  it.each([
    ['smtp://relay.example', undefined, 'SMTP_FROM'],
    [undefined, 'a@dnp.example', 'SMTP_URL'],
    ['http://relay.example', 'a@dnp.example', 'SMTP_URL'],
    ['smtp://u:secret@relay.example?tls.rejectUnauthorized=false', 'a@dnp.example', 'SMTP_URL'],
    ['smtp://u:%zz@relay.example', 'a@dnp.example', 'SMTP_URL'],
    ['smtp://relay.example', 'a@dnp.example, b@dnp.example', 'SMTP_FROM'],
    ['smtp://relay.example', 'A\r\nBcc: <a@dnp.example>', 'SMTP_FROM'],
  ])('%s from %s is a fault, told without the password', (url, from, name) => {
    const { settings, faults } = read(url, from);
    expect(settings).toBeNull();
    expect(faults).toEqual([expect.stringMatching(new RegExp(`^${name}: `))]);
    expect(faults.join()).not.toContain('secret');
  });

  it('is spoken to over TLS only in production', () => {
    expect(read('smtp://relay.example', 'a@dnp.example', 'production').settings?.requireTls).toBe(true);
  });
});
