import { z } from 'zod';
import { suspensionSchema, userSchema } from '../auth/schema';
import { muteSchema } from '../offenses/muted-schema';

/** What a person can set; unknown settings are refused, so that a typo is seen. */
export const settingsSchema = z
  .strictObject({
    locale: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .optional()
      .meta({ example: 'en-GB' }),
    timeZone: z.string().max(60).optional().meta({ example: 'Europe/Vienna' }),
    defaultPreset: z.enum(['light', 'standard', 'thorough']).optional(),
  })
  .meta({ id: 'Settings' });

export const setupSchema = z
  .object({
    connected: z.boolean(),
    synced: z.boolean(),
    blocks: z.int(),
    subscriptions: z.int().meta({ description: 'Lists and categories that you go by.' }),
    firstPlanAt: z.iso.datetime().nullable(),
    next: z.enum(['connect', 'sync', 'block', 'plan', 'done']).meta({ description: 'The step that comes next.' }),
  })
  .meta({ id: 'Setup' });

export const meSchema = userSchema
  .extend({
    settings: settingsSchema,
    setup: setupSchema,
    suspension: suspensionSchema
      .nullable()
      .meta({ description: 'What keeps you from all but undoing, exporting, appealing and leaving.' }),
    submissionsMuted: muteSchema
      .nullable()
      .meta({ description: 'What keeps you from submitting offenses and sources.' }),
    version: z.int(),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Me' });

export const changeMeSchema = z
  .object({
    version: z.int().meta({ description: 'The version that the change is made to.' }),
    displayName: z.string().trim().min(1).max(100).optional(),
    settings: settingsSchema.optional().meta({ description: 'Settings to change; the others stay.' }),
  })
  .meta({ id: 'ChangeMe' });
