import type { z } from 'zod';
import type { Person } from '../../../adapters/postgres/people';
import type { TokenRow } from '../../../adapters/postgres/personal-tokens';
import type { SessionRow } from '../../../adapters/postgres/sessions';
import type { sessionSchema, tokenSchema, userSchema } from './schema';

export const presentUser = ({ id, displayName, email, roles }: Person): z.input<typeof userSchema> => ({
  id,
  displayName,
  email,
  roles,
});

export const presentSession = (row: SessionRow, currentId: string | null): z.input<typeof sessionSchema> => ({
  id: row.id,
  current: row.id === currentId,
  userAgent: row.userAgent,
  createdAt: row.createdAt.toISOString(),
  lastSeenAt: row.lastSeenAt.toISOString(),
  expiresAt: row.expiresAt.toISOString(),
});

export const presentToken = (row: TokenRow): z.input<typeof tokenSchema> => ({
  id: row.id,
  name: row.name,
  scopes: row.scopes,
  createdAt: row.createdAt.toISOString(),
  lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
  expiresAt: row.expiresAt.toISOString(),
});
