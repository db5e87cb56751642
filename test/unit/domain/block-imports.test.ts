import { type ArtistLookup, importStep, type Resolution, resolveArtist } from '../../../domain/block-imports';
import type { NamedArtist } from '../../../domain/block-file-rows';
import type { BlockContent, KeptBlock } from '../../../domain/own-blocks';

const lookup: ArtistLookup = {
  has: (id) => ['one', 'two', 'namesake'].includes(id),
  byProviderId: (provider, id) =>
    (({ 'spotify s1': 'one', 'spotify s2': 'two' }) as Record<string, string>)[`${provider} ${id}`] ?? null,
  byName: (name) => (({ One: ['one'], Twice: ['two', 'namesake'] }) as Record<string, string[]>)[name] ?? [],
};
const named = (fields: Partial<NamedArtist>): NamedArtist => ({
  name: null,
  artistId: null,
  providerIds: {},
  ...fields,
});
const review = (reason: string, ...candidates: string[]) =>
  ({ outcome: 'needs_review', reason, candidates }) as Resolution;
const unknown = (reason: string) => ({ outcome: 'unknown', reason }) as Resolution;

test.each<[string, Partial<NamedArtist>, Resolution]>([
  ['our id says it', { artistId: 'one', name: 'Something else' }, { artistId: 'one' }],
  [
    'a provider’s id says it, whatever the name',
    { providerIds: { spotify: ['s2'] }, name: 'One' },
    { artistId: 'two' },
  ],
  [
    'one known id of several is enough',
    { artistId: 'gone', providerIds: { spotify: ['old', 's1'] } },
    { artistId: 'one' },
  ],
  [
    'ids that name two are not decided here',
    { artistId: 'one', providerIds: { spotify: ['s2'] } },
    review('ids_disagree', 'one', 'two'),
  ],
  ['a name that one goes by', { name: 'One' }, { artistId: 'one' }],
  ['a name that two go by', { name: 'Twice' }, review('several_artists', 'two', 'namesake')],
  ['a name that nobody goes by', { name: 'Nobody' }, unknown('name_unknown')],
  [
    'an id that nobody has is not guessed by name',
    { name: 'One', providerIds: { spotify: ['s9'] } },
    review('id_unknown', 'one'),
  ],
  ['an id that nobody has, and no such name', { name: 'Nobody', artistId: 'gone' }, unknown('id_unknown')],
  ['an id that nobody has, alone', { providerIds: { musicbrainz: ['m'] } }, unknown('id_unknown')],
])('%s', (_name, row, resolution) => {
  expect(resolveArtist(named(row), lookup)).toEqual(resolution);
});

const now = new Date('2026-06-01T00:00:00Z');
const past = new Date('2026-01-01T00:00:00Z');
const soon = new Date('2027-01-01T00:00:00Z');
const late = new Date('2028-01-01T00:00:00Z');
const says = (fields: Partial<BlockContent> = {}): BlockContent => ({
  note: null,
  tags: [],
  expiresAt: null,
  onExpiry: 'keep',
  ...fields,
});
const kept = (fields: Partial<KeptBlock> = {}): KeptBlock => ({ ...says(fields), expired: false, ...fields });
const twenty = Array.from({ length: 20 }, (_, n) => `t${n}`);

test.each<[string, KeptBlock | null, BlockContent, BlockContent, string]>([
  [
    'a new block says what the file says',
    null,
    says({ tags: ['a'], expiresAt: past }),
    says({ tags: ['a'], expiresAt: past }),
    'created',
  ],
  [
    'the file’s note takes the other’s place',
    kept({ note: 'old' }),
    says({ note: 'new' }),
    says({ note: 'new' }),
    'changed',
  ],
  ['a note stays where the file has none', kept({ note: 'old' }), says(), says({ note: 'old' }), 'unchanged'],
  ['tags add up', kept({ tags: ['a', 'b'] }), says({ tags: ['b', 'c'] }), says({ tags: ['a', 'b', 'c'] }), 'changed'],
  [
    'up to as many as there may be',
    kept({ tags: twenty }),
    says({ tags: ['more'] }),
    says({ tags: twenty }),
    'unchanged',
  ],
  ['a later end holds', kept({ expiresAt: soon }), says({ expiresAt: late }), says({ expiresAt: late }), 'changed'],
  [
    'an earlier one doesn’t',
    kept({ expiresAt: late }),
    says({ expiresAt: soon }),
    says({ expiresAt: late }),
    'unchanged',
  ],
  [
    'what comes of the end goes with it',
    kept({ expiresAt: soon }),
    says({ expiresAt: late, onExpiry: 'restore' }),
    says({ expiresAt: late, onExpiry: 'restore' }),
    'changed',
  ],
  ['for good is the latest', kept({ expiresAt: late }), says(), says(), 'changed'],
  ['also where it was there', kept(), says({ expiresAt: past }), says(), 'unchanged'],
  [
    'one whose time is over begins anew',
    kept({ expiresAt: past, expired: true }),
    says({ expiresAt: soon }),
    says({ expiresAt: soon }),
    'changed',
  ],
])('merging: %s', (_name, before, row, content, outcome) => {
  expect(importStep(before, row, 'merge', now)).toEqual({ outcome, content, ends: false });
});

test('replacing makes it what the file says, and tells when that keeps the artist out no longer', () => {
  const row = says({ expiresAt: past });
  expect(importStep(kept({ note: 'old', tags: ['a'] }), row, 'replace', now)).toEqual({
    outcome: 'changed',
    content: row,
    ends: true,
  });
  expect(importStep(kept({ expiresAt: past, expired: true }), row, 'replace', now)).toEqual({
    outcome: 'unchanged',
    content: row,
    ends: false,
  });
  expect(importStep(kept(), says({ expiresAt: soon }), 'replace', now)).toMatchObject({
    outcome: 'changed',
    ends: false,
  });
});
