import type { ExpiryChoice } from './block-expiry';

/** What a person says with a block, beside whom it is about. `expiresAt` null: for good. */
export interface BlockContent {
  note: string | null;
  tags: string[];
  expiresAt: Date | null;
  /** What comes of its end. */
  onExpiry: ExpiryChoice;
}

/** A block that is there. */
export interface KeptBlock extends BlockContent {
  /** Whether its time is over. */
  expired: boolean;
}

/** What to change; what is left out stays as it is, null clears. */
export interface ContentChange {
  note?: string | null;
  tags?: string[];
  expiresAt?: Date | null;
  onExpiry?: ExpiryChoice;
}

/** As many as a block can have. */
export const mostTags = 20;

/** What a block says after a change, new or not. One that has expired begins anew, for good unless an end is given. */
export function changedContent(before: KeptBlock | null, change: ContentChange): BlockContent {
  const standing = before && !before.expired ? before : null;
  return {
    note: change.note === undefined ? (before?.note ?? null) : change.note,
    tags: change.tags ?? before?.tags ?? [],
    expiresAt: change.expiresAt === undefined ? (standing?.expiresAt ?? null) : change.expiresAt,
    onExpiry: change.onExpiry ?? standing?.onExpiry ?? 'keep',
  };
}

/** Whether both say the same; the order of tags says nothing. */
export function isSameContent(one: BlockContent, other: BlockContent): boolean {
  return (
    one.note === other.note &&
    one.onExpiry === other.onExpiry &&
    one.expiresAt?.getTime() === other.expiresAt?.getTime() &&
    one.tags.length === other.tags.length &&
    one.tags.every((tag) => other.tags.includes(tag))
  );
}
