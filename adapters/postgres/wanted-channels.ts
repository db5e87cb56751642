import { channelRule, type AnnouncementGroup, type Channel } from '../../domain/announcement-preferences';
import { announcementRules, type AnnouncementType } from '../../domain/announcements';

/** SQL: whether a person `u` wants to be told in a way; takes the values of `wantedOf`. */
export const wanted = `coalesce(u.settings->'notifications'->(?::text)->(?::text), to_jsonb(?::boolean)) = to_jsonb(true)`;

export function wantedOf(
  type: AnnouncementType,
  channel: Channel,
): [group: AnnouncementGroup, channel: Channel, byDefault: boolean] {
  const { group } = announcementRules[type];
  return [group, channel, channelRule(group, channel).byDefault];
}
