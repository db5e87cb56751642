import { type SubscriptionWish, versionToHold, waitsForReview } from '../../../domain/list-subscriptions';

const wish = (text: string): SubscriptionWish => {
  const [follows, newEntries, version] = text.split(' ');
  return { follows, newEntries, ...(version ? { version: Number(version) } : {}) } as SubscriptionWish;
};

describe('the version that holds for somebody', () => {
  test.each<[string, string, number | null, number | null]>([
    ['is whatever is the latest, at once', 'latest at_once', null, null],
    ['is no longer the one that was accepted, where new ones count at once', 'latest at_once', 2, null],
    ['is the latest at first, where new ones wait', 'latest after_review', null, 5],
    ['stays the one that holds until another is accepted', 'latest after_review', 2, 2],
    ['is the one that is accepted', 'latest after_review 4', 2, 4],
    ['is the latest where none is named to pin', 'pinned at_once', null, 5],
    ['stays the one that holds where none is named to pin', 'pinned at_once', 2, 2],
    ['is the one that is pinned, also an older one', 'pinned after_review 1', 2, 1],
  ])('%s', (_what, text, held, expected) => {
    expect(versionToHold(wish(text), { held, latest: 5 })).toBe(expected);
  });
});

describe('a newer version', () => {
  test.each<[string, string, number | null, number | null, boolean]>([
    ['waits where new ones are to be looked at', 'latest after_review', 2, 3, true],
    ['does not where it is accepted', 'latest after_review', 3, 3, false],
    ['does not where it counts at once', 'latest at_once', 3, 3, false],
    ['does not where an older one is pinned', 'pinned after_review', 2, 3, false],
    ['waits where the accepted one was rejected since', 'latest after_review', null, 3, true],
    ['is none where nothing counts', 'latest after_review', null, null, false],
  ])('%s', (_what, text, held, latest, expected) => {
    expect(waitsForReview(wish(text), { held, latest })).toBe(expected);
  });
});
