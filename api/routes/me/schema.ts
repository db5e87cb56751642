import { z } from 'zod';
import {
  announcementGroups,
  channelRule,
  channels,
  type AnnouncementGroup,
  type Channel,
} from '../../../domain/announcement-preferences';
import { suspensionSchema, userSchema } from '../auth/schema';
import { muteSchema } from '../offenses/muted-schema';

/** A group's ways to the person; a notification of what is needed cannot be done without. */
const channelsOf = (group: AnnouncementGroup) => {
  const switchOf = (channel: Channel) =>
    channelRule(group, channel).changeable ? z.boolean().optional() : z.literal(true).optional();
  return z.strictObject({ inApp: switchOf('inApp'), webhooks: switchOf('webhooks'), email: switchOf('email') });
};
const notificationSettings = z.strictObject(
  Object.fromEntries(announcementGroups.map((group) => [group, channelsOf(group).optional()])) as Record<
    AnnouncementGroup,
    z.ZodOptional<ReturnType<typeof channelsOf>>
  >,
);

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
    notifications: notificationSettings.optional().meta({
      description: 'How you want to be told, by groups of what you are told; what you leave out stays as it is.',
    }),
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

export const notificationGroupSchema = z
  .object({
    group: z.enum(announcementGroups),
    types: z.array(z.string()).meta({ description: 'The types of announcements that are in it.' }),
    channels: z.array(
      z.object({
        channel: z.enum(channels),
        on: z.boolean(),
        changeable: z.boolean().meta({ description: 'False where you have to be told.' }),
      }),
    ),
  })
  .meta({ id: 'NotificationGroup' });

export const meSchema = userSchema
  .extend({
    settings: settingsSchema,
    notifications: z
      .array(notificationGroupSchema)
      .meta({ description: 'How you are told of what, with what holds where you chose nothing.' }),
    emails: z
      .object({
        sending: z.boolean().meta({ description: 'Whether this installation sends e-mails.' }),
        to: z
          .string()
          .nullable()
          .meta({ description: 'The verified address that yours go to; null where you have none.' }),
      })
      .meta({ description: 'Where e-mails go, to those who want them.' }),
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
