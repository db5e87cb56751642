import type { EntityManager } from '../adapters/postgres/orm';
import { createPersonalToken } from '../adapters/postgres/personal-tokens';

type Scope = Parameters<typeof createPersonalToken>[1]['scopes'][number];

/** What a person of the bench's asks the API with, for a day; it may only read unless said otherwise. */
export async function tokenOf(em: EntityManager, userId: string, scopes: readonly Scope[] = ['read']): Promise<string> {
  const expiresAt = new Date(Date.now() + 86_400_000);
  return (await createPersonalToken(em, { userId, name: 'bench', scopes: [...scopes], expiresAt })).token;
}
