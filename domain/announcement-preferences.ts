import { announcementRules, type AnnouncementType } from './announcements';

/** What people choose about together. */
export type AnnouncementGroup = (typeof announcementGroups)[number];
export const announcementGroups = ['connections', 'runs', 'blocks', 'lists', 'account', 'moderation'] as const;

/** The ways to a person that they can open and close. Events are for programs that ask, so they always come. */
export type Channel = (typeof channels)[number];
export const channels = ['inApp', 'webhooks', 'email'] as const;

/** What a person chose; where they chose nothing, `preferenceOf` says what holds. */
export type NotificationSettings = Partial<Record<AnnouncementGroup, Partial<Record<Channel, boolean>>>>;

/**
 * Groups that say what a person has to know: that something waits for them alone, or was decided about them. They are always
 * notified of these, and by e-mail until they say otherwise.
 */
const needed: readonly AnnouncementGroup[] = ['connections', 'account', 'moderation'];

/** What is not worth an e-mail to anybody: whoever renewed a connection knows. */
export const notByEmail: readonly AnnouncementType[] = ['connection.recovered'];

export interface ChannelRule {
  /** Whether it holds where the person chose nothing. */
  byDefault: boolean;
  /** Whether the person can choose at all. */
  changeable: boolean;
}

export function channelRule(group: AnnouncementGroup, channel: Channel): ChannelRule {
  if (channel === 'webhooks') return { byDefault: true, changeable: true };
  if (channel === 'email') return { byDefault: needed.includes(group), changeable: true };
  return { byDefault: true, changeable: !needed.includes(group) };
}

/** Whether a person is told of a group in this way. */
export function preferenceOf(settings: NotificationSettings, group: AnnouncementGroup, channel: Channel): boolean {
  const { byDefault, changeable } = channelRule(group, channel);
  return changeable ? (settings[group]?.[channel] ?? byDefault) : byDefault;
}

export const typesOf = (group: AnnouncementGroup): AnnouncementType[] =>
  (Object.keys(announcementRules) as AnnouncementType[]).filter((type) => announcementRules[type].group === group);
