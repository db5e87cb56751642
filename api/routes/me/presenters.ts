import type { z } from 'zod';
import type { Person, Setup } from '../../../adapters/postgres/people';
import type { Suspension } from '../../../adapters/postgres/suspensions';
import type { SubmissionMute } from '../../../adapters/postgres/submission-mutes';
import {
  announcementGroups,
  channelRule,
  channels,
  preferenceOf,
  typesOf,
  type NotificationSettings,
} from '../../../domain/announcement-preferences';
import { presentSuspension, presentUser } from '../auth/presenters';
import { presentMute } from '../offenses/muted-submitters';
import { settingsSchema, type meSchema, type notificationGroupSchema, type setupSchema } from './schema';

export function presentSetup(setup: Setup): z.input<typeof setupSchema> {
  return { ...setup, firstPlanAt: setup.firstPlanAt?.toISOString() ?? null, next: nextStep(setup) };
}

export function nextStep(setup: Setup): z.input<typeof setupSchema>['next'] {
  if (!setup.connected) return 'connect';
  if (!setup.synced) return 'sync';
  if (setup.blocks === 0 && setup.subscriptions === 0) return 'block';
  return setup.firstPlanAt === null ? 'plan' : 'done';
}

function presentGroups(chosen: NotificationSettings): z.input<typeof notificationGroupSchema>[] {
  return announcementGroups.map((group) => ({
    group,
    types: typesOf(group),
    channels: channels.map((channel) => ({
      channel,
      on: preferenceOf(chosen, group, channel),
      changeable: channelRule(group, channel).changeable,
    })),
  }));
}

export function presentMe(
  person: Person,
  {
    emails,
    setup,
    suspension,
    mute,
  }: {
    emails: { sending: boolean; to: string | null };
    setup: Setup;
    suspension: Suspension | null;
    mute: SubmissionMute | null;
  },
): z.input<typeof meSchema> {
  const settings = settingsSchema.catch({}).parse(person.settings);
  return {
    ...presentUser(person),
    settings,
    notifications: presentGroups(settings.notifications ?? {}),
    emails,
    setup: presentSetup(setup),
    suspension: suspension && presentSuspension(suspension),
    submissionsMuted: mute && presentMute(mute),
    version: person.version,
    createdAt: person.createdAt.toISOString(),
  };
}
