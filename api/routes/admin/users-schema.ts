import { z } from 'zod';
import { roles } from '../../../domain/roles';
import { pageQuery } from '../../paging';
import { moment, suspensionSchema, userSchema } from '../auth/schema';

export const peopleQuery = pageQuery.extend({
  query: z
    .string()
    .trim()
    .min(1)
    .max(320)
    .optional()
    .meta({ description: 'The beginning of a name or of an e-mail address, or an id.' }),
  role: z.enum(roles).optional(),
  suspended: z
    .enum(['true', 'false'])
    .transform((text) => text === 'true')
    .optional(),
});

export const listedUserSchema = userSchema
  .extend({ suspension: suspensionSchema.nullable(), createdAt: moment })
  .meta({ id: 'ListedUser' });

const reason = z.string().trim().min(1).max(2000);

export const suspendSchema = z
  .object({
    reason: reason.meta({ description: 'What happened and which rule it breaks. The person reads it.' }),
    rule: z
      .string()
      .max(60)
      .default('conduct.misuse')
      .meta({ description: 'The rule of the policy that holds now: `GET policies/current`.' }),
    until: z.iso
      .datetime({ offset: true })
      .nullish()
      .meta({ description: 'In the future. Without it somebody has to end it.' }),
  })
  .meta({ id: 'Suspend' });

export const unsuspendSchema = z.object({ reason: reason.optional() }).meta({ id: 'Unsuspend' });
