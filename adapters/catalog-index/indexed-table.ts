import type { TableDefinition, TableRow } from '../lancedb/table-definition';
import type { EntityManager } from '../postgres/orm';
import type { ChangedKind } from '../../domain/catalog-feed';

/** One kind of rows in the index, made from the catalog. */
export interface IndexedTable {
  definition: TableDefinition;
  /** What changes rows of it; each names the owner of the rows. */
  kinds: readonly ChangedKind[];
  /** How many owners make a batch of some tenths of a second. */
  batch: number;
  /** The next owners in the catalog, in the order of their ids. */
  owners(em: EntityManager, place: { after: string | null; limit: number }): Promise<string[]>;
  /** What these owners have, as the catalog is now. Whoever is gone, or has nothing to be found by, has no rows. */
  rows(em: EntityManager, owners: readonly string[]): Promise<TableRow[]>;
  /** How many owners the catalog has, and how many rows the table should have. */
  count(em: EntityManager): Promise<{ owners: number; rows: number }>;
}
