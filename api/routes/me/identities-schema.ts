import { z } from 'zod';
import type { IdentityRow } from '../../../adapters/postgres/identities';
import { moment } from '../auth/schema';

export const identitySchema = z
  .object({
    id: z.uuid(),
    provider: z.string().meta({ example: 'github' }),
    email: z.string().nullable(),
    emailVerified: z.boolean().meta({ description: 'Whether the provider has checked the address.' }),
    isPrivateEmail: z.boolean().meta({ description: 'A relay address that the provider made for this service.' }),
    createdAt: moment,
    lastUsedAt: moment,
  })
  .meta({ id: 'Identity' });

export function presentIdentity(row: IdentityRow): z.input<typeof identitySchema> {
  return {
    id: row.id,
    provider: row.provider,
    email: row.email,
    emailVerified: row.emailVerified,
    isPrivateEmail: row.emailPrivate,
    createdAt: row.createdAt.toISOString(),
    lastUsedAt: row.lastUsedAt.toISOString(),
  };
}
