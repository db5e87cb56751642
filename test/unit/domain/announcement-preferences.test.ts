import {
  announcementGroups,
  channelRule,
  channels,
  preferenceOf,
  typesOf,
} from '../../../domain/announcement-preferences';
import { announcementRules } from '../../../domain/announcements';

describe('how people are told', () => {
  it('puts every type in one group', () => {
    const types = announcementGroups.flatMap(typesOf);
    expect([...types].sort()).toEqual(Object.keys(announcementRules).sort());
  });

  it('lets a choice hold wherever there is one to be made', () => {
    for (const group of announcementGroups)
      for (const channel of channels) {
        const { byDefault, changeable } = channelRule(group, channel);
        expect(preferenceOf({}, group, channel)).toBe(byDefault);
        for (const on of [true, false])
          expect(preferenceOf({ [group]: { [channel]: on } }, group, channel)).toBe(changeable ? on : byDefault);
      }
  });

  it.each([
    ['connection.needs_reconnect', false, true],
    ['account.suspended', false, true],
    ['decision.taken', false, true],
    ['run.finished', true, false],
    ['list.version_published', true, false],
    ['block.ended', true, false],
  ] as const)('%s: notifications can be done without: %s, by e-mail unasked: %s', (type, changeable, byEmail) => {
    const { group } = announcementRules[type];
    expect(channelRule(group, 'inApp')).toEqual({ byDefault: true, changeable });
    expect(channelRule(group, 'email')).toEqual({ byDefault: byEmail, changeable: true });
  });
});
