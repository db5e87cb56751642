import { type BulkChange, bulkStep } from '../../../domain/bulk-blocks';
import type { KeptBlock } from '../../../domain/own-blocks';

const soon = new Date('2030-01-01T00:00:00Z');
const past = new Date('2020-01-01T00:00:00Z');
const kept = (fields: Partial<KeptBlock> = {}): KeptBlock => ({
  note: 'why',
  tags: ['a', 'b'],
  expiresAt: null,
  onExpiry: 'keep',
  expired: false,
  ...fields,
});
const twenty = Array.from({ length: 20 }, (_, n) => `t${n}`);
const tagging = (add: string[], remove: string[] = []): BulkChange => ({ action: 'tag', add, remove });

test.each<[name: string, before: KeptBlock | null, change: BulkChange, step: unknown]>([
  [
    'a new block is for good and says nothing unless told',
    null,
    { action: 'block' },
    { outcome: 'created', content: { note: null, tags: [], expiresAt: null, onExpiry: 'keep' } },
  ],
  ['a block that says the same already stays', kept(), { action: 'block', tags: ['b', 'a'] }, { outcome: 'unchanged' }],
  [
    'what is left out stays, null clears',
    kept({ expiresAt: soon }),
    { action: 'block', note: null },
    { outcome: 'changed', content: { note: null, tags: ['a', 'b'], expiresAt: soon, onExpiry: 'keep' } },
  ],
  [
    'one whose time is over begins anew',
    kept({ expiresAt: past, expired: true }),
    { action: 'block' },
    { outcome: 'changed', content: { note: 'why', tags: ['a', 'b'], expiresAt: null, onExpiry: 'keep' } },
  ],
  [
    'what comes of its end can be changed by itself',
    kept({ expiresAt: soon }),
    { action: 'block', onExpiry: 'restore' },
    { outcome: 'changed', content: { note: 'why', tags: ['a', 'b'], expiresAt: soon, onExpiry: 'restore' } },
  ],
  ['a block is withdrawn', kept(), { action: 'unblock' }, { outcome: 'withdrawn' }],
  ['where there is none, none is withdrawn', null, { action: 'unblock' }, { outcome: 'not_blocked' }],
  ['nobody is tagged who is not blocked', null, tagging(['a']), { outcome: 'not_blocked' }],
  [
    'tags are added and removed; removing wins',
    kept(),
    tagging(['c', 'd'], ['a', 'd']),
    { outcome: 'changed', content: { note: 'why', tags: ['b', 'c'], expiresAt: null, onExpiry: 'keep' } },
  ],
  ['tags that are there already change nothing', kept(), tagging(['a']), { outcome: 'unchanged' }],
  ['a tag too many is refused', kept({ tags: twenty }), tagging(['one more']), { outcome: 'too_many_tags' }],
  [
    'unless another one goes',
    kept({ tags: twenty }),
    tagging(['one more'], ['t0']),
    {
      outcome: 'changed',
      content: { note: 'why', tags: [...twenty.slice(1), 'one more'], expiresAt: null, onExpiry: 'keep' },
    },
  ],
])('%s', (_name, before, change, step) => {
  expect(bulkStep(before, change)).toEqual(step);
});
