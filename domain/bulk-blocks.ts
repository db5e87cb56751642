import {
  type BlockContent,
  changedContent,
  type ContentChange,
  isSameContent,
  type KeptBlock,
  mostTags,
} from './own-blocks';

/** One thing to do with the blocks of many artists. */
export type BulkChange =
  | ({ action: 'block' } & ContentChange)
  | { action: 'unblock' }
  | { action: 'tag'; add: readonly string[]; remove: readonly string[] };

export const bulkOutcomes = [
  'created',
  'changed',
  'unchanged',
  'withdrawn',
  'not_blocked',
  'too_many_tags',
  'unknown_artist',
] as const;
export type BulkOutcome = (typeof bulkOutcomes)[number];

/** What a change comes to for one artist, and what the block says then, where it is written. */
export type BulkStep =
  { outcome: 'created' | 'changed'; content: BlockContent } | { outcome: Exclude<BulkOutcome, 'created' | 'changed'> };

/** For an artist that the catalog has. Doing the same twice changes nothing the second time. */
export function bulkStep(before: KeptBlock | null, change: BulkChange): BulkStep {
  if (change.action === 'unblock') return { outcome: before ? 'withdrawn' : 'not_blocked' };
  if (change.action === 'block') {
    const content = changedContent(before, change);
    if (!before) return { outcome: 'created', content };
    return !before.expired && isSameContent(before, content)
      ? { outcome: 'unchanged' }
      : { outcome: 'changed', content };
  }
  if (!before) return { outcome: 'not_blocked' };
  const tags = [...new Set([...before.tags, ...change.add])].filter((tag) => !change.remove.includes(tag));
  if (tags.length > mostTags) return { outcome: 'too_many_tags' };
  const content = { note: before.note, tags, expiresAt: before.expiresAt, onExpiry: before.onExpiry };
  return isSameContent(before, content) ? { outcome: 'unchanged' } : { outcome: 'changed', content };
}
