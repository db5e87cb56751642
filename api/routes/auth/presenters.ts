import type { z } from 'zod';
import type { Person } from '../../../adapters/postgres/people';
import type { TokenRow } from '../../../adapters/postgres/personal-tokens';
import type { SessionRow } from '../../../adapters/postgres/sessions';
import type { Suspension } from '../../../adapters/postgres/suspensions';
import type { sessionSchema, suspensionSchema, tokenSchema, userSchema } from './schema';

export const presentUser = ({
  id,
  displayName,
  email,
  roles,
}: Pick<Person, 'id' | 'displayName' | 'email' | 'roles'>): z.input<typeof userSchema> => ({
  id,
  displayName,
  email,
  roles,
});

export const presentSuspension = ({ id, reason, since, until }: Suspension): z.input<typeof suspensionSchema> => ({
  id,
  reason,
  since: since.toISOString(),
  until: until?.toISOString() ?? null,
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
