import { onDatabase } from '../../dev/engines/postgres/statements';
import type { TestDatabase } from './engines';

/** Takes every person, identity, session, credential and flow out, so that the next case starts with nobody. */
export async function forgetEverybody({ ownerUrl }: TestDatabase): Promise<void> {
  await onDatabase(ownerUrl, (run) => run('truncate users, oauth_transactions, credentials cascade'));
}
