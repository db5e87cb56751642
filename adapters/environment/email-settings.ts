import { z } from 'zod';
import type { Environment } from './variables';

/** How e-mails are sent. */
export interface EmailSettings {
  host: string;
  port: number;
  /** TLS from the first byte (`smtps:`); else STARTTLS where the server offers it. */
  secure: boolean;
  /** Nothing is sent without TLS. */
  requireTls: boolean;
  auth: { user: string; pass: string } | null;
  from: { name: string; address: string };
}

const addressPattern = /^(?:(?<name>[^<>"\r\n]*)<(?<inner>[^<>\s]+)>|(?<bare>[^<>\s]+))$/;

/** By `SMTP_URL` and `SMTP_FROM`; null where neither is set. Adds what is wrong to `faults`, without the password. */
export function emailSettings(
  env: Pick<Environment, 'SMTP_URL' | 'SMTP_FROM' | 'NODE_ENV'>,
  faults: string[],
): EmailSettings | null {
  if (!env.SMTP_URL && !env.SMTP_FROM) return null;
  if (!env.SMTP_URL || !env.SMTP_FROM) {
    faults.push(`${env.SMTP_URL ? 'SMTP_FROM' : 'SMTP_URL'}: both or neither of SMTP_URL and SMTP_FROM must be set`);
    return null;
  }
  const from = senderOf(env.SMTP_FROM);
  if (!from) faults.push('SMTP_FROM: must be an address, or a name with an address in angle brackets');
  const url = serverOf(env.SMTP_URL);
  if (!url) faults.push('SMTP_URL: must be smtp://[user:password@]host[:port] or smtps://…, and nothing more');
  if (!from || !url) return null;
  const secure = url.protocol === 'smtps:';
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: Number(url.port) || (secure ? 465 : 587),
    secure,
    requireTls: env.NODE_ENV === 'production',
    auth: url.username ? { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } : null,
    from,
  };
}

function serverOf(text: string): URL | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  const plain = url && /^smtps?:$/.test(url.protocol) && url.hostname && /^\/?$/.test(url.pathname);
  return plain && !url.search && !url.hash && isDecodable(`${url.username}${url.password}`) ? url : null;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function senderOf(text: string): EmailSettings['from'] | null {
  const { name = '', inner, bare } = addressPattern.exec(text.trim())?.groups ?? {};
  const address = z.email().safeParse(inner ?? bare);
  return address.success ? { name: name.trim(), address: address.data } : null;
}
