import type { Match } from '../../../domain/matching';
import type { PlannedItem } from '../../../domain/planned-item';
import { decideScheduled, leaveBroughtBack, mostUnattended, placeOf } from '../../../domain/unattended';

test.each([
  [50, 2, 0, 50],
  [50, 2, 2_500, 50],
  [50, 2, 2_550, 51],
  [50, 2, 10_000, 200],
  [0, 0, 10_000, 0],
  [10, 0.5, 10_000, 50],
])('%d items or %d %% of a library of %d: %d', (items, percent, size, most) => {
  expect(mostUnattended({ items, percent }, size)).toBe(most);
});

const plan = { mode: 'apply', items: 10, byHand: 0, most: 50, connectionBusy: false } as const;
test.each([
  [{}, 'apply'],
  [{ items: 0 }, 'nothing'],
  [{ items: 0, mode: 'notify' }, 'nothing'],
  [{ items: 0, byHand: 1 }, 'by_hand'],
  [{ items: 0, byHand: 60, mode: 'notify', connectionBusy: true }, 'by_hand'],
  [{ byHand: 60 }, 'apply'],
  [{ mode: 'notify' }, 'asked_to_notify'],
  [{ mode: 'notify', items: 51 }, 'asked_to_notify'],
  [{ items: 50 }, 'apply'],
  [{ items: 51 }, 'above_cap'],
  [{ items: 51, connectionBusy: true }, 'above_cap'],
  [{ connectionBusy: true }, 'connection_busy'],
] as const)('a plan that is %j: %s', (change, decision) => {
  expect(decideScheduled({ ...plan, ...change })).toBe(decision);
});

describe('what a person had brought back', () => {
  const match = (artistId: string, more: Partial<Match> = {}): Match => ({
    artistId,
    artistName: artistId,
    role: 'primary',
    source: 'own',
    sources: [{ kind: 'own' }],
    evidence: { kind: 'provider_id', detail: artistId },
    needsReview: false,
    ...more,
  });
  const item = (uri: string, matches: Match[], playlistProviderId: string | null = null): PlannedItem =>
    ({
      itemType: playlistProviderId ? 'playlist_track' : 'liked_track',
      uri,
      playlistProviderId,
      matches,
      included: true,
    }) as PlannedItem;
  const at = (day: number) => new Date(Date.UTC(2026, 0, day));
  const back = new Map([[placeOf({ itemType: 'liked_track', uri: 'one', playlistId: null }), at(10)]]);
  const included = (items: PlannedItem[], artists: [string, Date][] = [], tracks: [string, Date][] = []) =>
    leaveBroughtBack(items, back, { artists: new Map(artists), tracks: new Map(tracks) }).map((each) => each.included);

  it('stays, there and nowhere else', () => {
    const items = [item('one', [match('a')]), item('two', [match('a')]), item('one', [match('a')], 'mix')];
    expect(included(items, [['a', at(9)]])).toEqual([false, true, true]);
  });

  it('goes once the block is changed, of any artist that it matches firmly', () => {
    const matches = [match('a'), match('b')];
    expect(included([item('one', matches)], [['b', at(11)]])).toEqual([true]);
    expect(included([item('one', matches)], [['b', at(10)]])).toEqual([false]);
    expect(included([item('one', matches)], [['c', at(11)]])).toEqual([false]);
    const doubtful = [match('a'), match('b', { needsReview: true })];
    expect(included([item('one', doubtful)], [['b', at(11)]])).toEqual([false]);
  });

  it('goes once the track itself is blocked', () => {
    const blocked = match('a', { evidence: { kind: 'blocked_track', detail: 'track-1' } });
    expect(included([item('one', [blocked])], [['a', at(11)]], [['track-1', at(9)]])).toEqual([false]);
    expect(included([item('one', [blocked])], [], [['track-1', at(11)]])).toEqual([true]);
  });

  it('is not included where it was not', () => {
    expect(included([{ ...item('one', [match('a')]), included: false }], [['a', at(11)]])).toEqual([false]);
  });
});
