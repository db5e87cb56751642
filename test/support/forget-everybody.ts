import { onDatabase } from '../../dev/engines/postgres/statements';
import type { TestDatabase } from './engines';

const deadlocked = '40P01';

/**
 * Takes every person, identity, session, credential and flow out, so that the next case starts with nobody. A sync that a case
 * left behind may be in the way: then PostgreSQL ends one of the two, and we try again.
 */
export async function forgetEverybody({ ownerUrl }: TestDatabase): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await onDatabase(ownerUrl, (run) => run('truncate users, oauth_transactions, credentials cascade'));
      return;
    } catch (error) {
      if ((error as { code?: string }).code !== deadlocked || tries === 5) throw error;
    }
  }
}
