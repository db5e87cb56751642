import { csvLine, listCell } from './csv';
import type { BlockContent } from './own-blocks';

/** Providers whose ids for an artist stand in a file of blocks. */
export const fileProviders = ['spotify', 'apple_music', 'musicbrainz'] as const;
export type FileProvider = (typeof fileProviders)[number];

/** A block as it stands in a file: so that it can be found again here, at another place, and by a person. */
export interface FiledBlock extends BlockContent {
  artistId: string;
  name: string;
  providerIds: Record<FileProvider, readonly string[]>;
  createdAt: Date;
}

export const blockFileFormat = { format: 'do-not-play/blocks', formatVersion: 1 } as const;

/** The columns of the file in CSV, in their order; those of providers hold ids. */
export const blockFileColumns = [
  'artist_id',
  'name',
  ...fileProviders,
  'note',
  'tags',
  'expires_at',
  'on_expiry',
  'created_at',
] as const;

export const blockFileHeader = (): string => csvLine(blockFileColumns);

export function blockFileLine(block: FiledBlock): string {
  return csvLine([
    block.artistId,
    block.name,
    ...fileProviders.map((provider) => listCell(block.providerIds[provider])),
    block.note,
    listCell(block.tags),
    block.expiresAt?.toISOString() ?? null,
    block.onExpiry,
    block.createdAt.toISOString(),
  ]);
}
