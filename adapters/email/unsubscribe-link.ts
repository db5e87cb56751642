import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { announcementGroups, type AnnouncementGroup } from '../../domain/announcement-preferences';
import type { VaultKey } from '../vault/vault';

/** Whose e-mails of which kind. */
export interface Unsubscription {
  userId: string;
  group: AnnouncementGroup;
}

const pathPattern = /^\/unsubscribe\/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\/(\w+)\/([\w-]{43})$/;

/** A key for this alone, made from one of the vault's. */
const keyOf = ({ key }: VaultKey): Buffer => Buffer.from(hkdfSync('sha256', key, '', 'do-not-play unsubscribe', 32));
const sign = (key: VaultKey, { userId, group }: Unsubscription): Buffer =>
  createHmac('sha256', keyOf(key)).update(`${userId}/${group}`).digest();

/**
 * Where e-mails of a kind are ended without signing in. It says whose they are and of which kind, allows nothing else and never
 * expires; it stops working when the key that it was signed with leaves the ring.
 */
export function unsubscribePath(keys: readonly VaultKey[], what: Unsubscription): string {
  const [newest] = keys;
  if (!newest) throw new Error('A signature needs at least one key.');
  return `/unsubscribe/${what.userId}/${what.group}/${sign(newest, what).toString('base64url')}`;
}

/** What such a path allows; null where it was not made here, or changed since. */
export function readUnsubscribePath(keys: readonly VaultKey[], path: string): Unsubscription | null {
  const [, userId = '', name = '', signature = ''] = pathPattern.exec(path) ?? [];
  const group = announcementGroups.find((known) => known === name);
  if (!group) return null;
  const given = Buffer.from(signature, 'base64url');
  const what = { userId, group };
  return keys.some((key) => timingSafeEqual(sign(key, what), given)) ? what : null;
}
