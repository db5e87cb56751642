import type { NamedArtist } from './block-file-rows';
import { type BlockContent, isSameContent, type KeptBlock, mostTags } from './own-blocks';

/**
 * `merge` adds to what is there: nothing that was kept out is kept out less. `replace` makes the list what the file says; what
 * is not in it goes in the end.
 */
export const importModes = ['merge', 'replace'] as const;
export type ImportMode = (typeof importModes)[number];

/** `needs_confirmation`: everything is done but for what would be withdrawn, since some rows could not be read. */
export const importStatuses = ['running', 'completed', 'needs_confirmation', 'failed'] as const;
export type ImportStatus = (typeof importStatuses)[number];

/**
 * What came of a row. `duplicate`: an earlier row names the same artist · `needs_review`: it may be one of several, and a
 * person has to say which · `unknown`: nobody here goes by that · `invalid`: it can't be read · `dismissed`: a person said
 * that it is nobody · `withdrawn`: no row, but a block that was not in the file.
 */
export const rowOutcomes = [
  'pending',
  'created',
  'changed',
  'unchanged',
  'duplicate',
  'needs_review',
  'unknown',
  'invalid',
  'dismissed',
  'withdrawn',
] as const;
export type RowOutcome = (typeof rowOutcomes)[number];

/** Whether a person still has to say who is meant. */
export const isDoubtful = (outcome: RowOutcome): boolean => outcome === 'needs_review' || outcome === 'unknown';

/** What the catalog knows of the artists that rows name. */
export interface ArtistLookup {
  has(artistId: string): boolean;
  byProviderId(provider: string, providerId: string): string | null;
  /** All whose name or alias reads the same, by `nameKey`; those whose own name it is come first. */
  byName(name: string): readonly string[];
}

export type Resolution =
  | { artistId: string }
  | { outcome: 'needs_review'; reason: 'several_artists' | 'ids_disagree' | 'id_unknown'; candidates: string[] }
  | { outcome: 'unknown'; reason: 'name_unknown' | 'id_unknown' };

/** Whom a row means. Ids say it exactly; a name alone only where one artist goes by it, be it as an alias; anything else is left to the person. */
export function resolveArtist(row: NamedArtist, lookup: ArtistLookup): Resolution {
  const given = Object.entries(row.providerIds).flatMap(([provider, ids]) => ids.map((id) => [provider, id] as const));
  const named = [
    ...(row.artistId !== null && lookup.has(row.artistId) ? [row.artistId] : []),
    ...given.flatMap(([provider, id]) => lookup.byProviderId(provider, id) ?? []),
  ];
  const [artistId, ...others] = new Set(named);
  if (artistId !== undefined && others.length === 0) return { artistId };
  if (artistId !== undefined)
    return { outcome: 'needs_review', reason: 'ids_disagree', candidates: [artistId, ...others] };
  const candidates = row.name === null ? [] : [...lookup.byName(row.name)];
  const hasIds = row.artistId !== null || given.length > 0;
  if (hasIds)
    // Whoever goes by the name may be somebody else: the id is not theirs.
    return candidates.length > 0
      ? { outcome: 'needs_review', reason: 'id_unknown', candidates }
      : { outcome: 'unknown', reason: 'id_unknown' };
  const [only, another] = candidates;
  if (only === undefined) return { outcome: 'unknown', reason: 'name_unknown' };
  return another === undefined
    ? { artistId: only }
    : { outcome: 'needs_review', reason: 'several_artists', candidates };
}

/** What a row comes to for a block, and what that says then. */
export interface ImportStep {
  outcome: 'created' | 'changed' | 'unchanged';
  content: BlockContent;
  /** Whether the artist was kept out and no longer is: a file can say that a block's time is over. */
  ends: boolean;
}

/** In a merge the later end holds, tags add up (those that are there first), and the file's note takes the other's place. */
export function importStep(before: KeptBlock | null, row: BlockContent, mode: ImportMode, now: Date): ImportStep {
  const content = before && mode === 'merge' ? merged(before, row) : said(row);
  if (!before) return { outcome: 'created', content, ends: false };
  const ends = !before.expired && content.expiresAt !== null && content.expiresAt <= now;
  return { outcome: isSameContent(before, content) ? 'unchanged' : 'changed', content, ends };
}

const said = ({ note, tags, expiresAt, onExpiry }: BlockContent): BlockContent => ({ note, tags, expiresAt, onExpiry });

function merged(before: BlockContent, row: BlockContent): BlockContent {
  const later = endOf(row) > endOf(before) ? row : before;
  return {
    note: row.note ?? before.note,
    tags: [...new Set([...before.tags, ...row.tags])].slice(0, mostTags),
    expiresAt: later.expiresAt,
    onExpiry: later.onExpiry,
  };
}

const endOf = ({ expiresAt }: BlockContent): number => expiresAt?.getTime() ?? Infinity;
