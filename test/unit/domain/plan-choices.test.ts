import { keepChoices } from '../../../domain/plan-choices';
import type { PlannedItem } from '../../../domain/planned-item';

const item = (fields: Partial<PlannedItem> = {}): PlannedItem => ({
  itemType: 'liked_track',
  uri: 'spotify:track:a',
  playlistProviderId: null,
  playlistName: null,
  positions: null,
  name: 'A Song',
  artists: [],
  album: null,
  url: null,
  imageUrl: null,
  matches: [],
  action: 'unlike_track',
  losses: [],
  included: true,
  needsReview: false,
  notEnforceable: null,
  ...fields,
});
const doubtful = { needsReview: true, included: false };
const choice = (included: boolean, firm = true) => ({
  itemType: 'liked_track' as const,
  uri: 'spotify:track:a',
  playlistProviderId: null,
  included,
  firm,
});

it.each([
  ['an excluded item stays out', item(), choice(false), false],
  ['an excluded item that grew doubtful stays out', item(doubtful), choice(false), false],
  ['an included doubtful item stays in', item(doubtful), choice(true, false), true],
  ['an excluded doubtful item that grew firm stays out', item(), choice(false, false), false],
  ['an item included on firm grounds waits where they are doubtful now', item(doubtful), choice(true), false],
  ['what cannot be enforced is never in', item({ notEnforceable: 'local_file', included: false }), choice(true), false],
])('%s', (_story, planned, chosen, included) => {
  expect(keepChoices([planned], [chosen])).toEqual([{ ...planned, included }]);
});

it('a choice is about one thing in one place', () => {
  const planned = [
    item({ uri: 'spotify:track:b' }),
    item({ itemType: 'playlist_track', playlistProviderId: 'p' }),
    item({ itemType: 'playlist_track', playlistProviderId: 'q' }),
    item(),
  ];
  const inP = { ...choice(false), itemType: 'playlist_track' as const, playlistProviderId: 'p' };
  expect(keepChoices(planned, [inP]).map(({ included }) => included)).toEqual([true, false, true, true]);
});
