import { endCatalogImport, importNextCatalogPage } from '../adapters/postgres/catalog-import-pages';
import { enterPhase } from '../adapters/postgres/jobs';
import type { MikroORM } from '../adapters/postgres/orm';
import { activityAttempt, activitySignal } from './activity-context';
import { withPulse } from './pulse';

export interface CatalogImportInput {
  importId: string;
  jobId: string;
}

/** A slice hands back after this long, in milliseconds. */
const sliceMs = 20_000;

/** Taking a file's artists or recordings into the catalog. */
export function createCatalogImportActivities({ orm }: { orm: MikroORM }) {
  return {
    /** Works through rows for some seconds, page by page; a second execution goes on where the rows are. */
    async importCatalogSlice(input: CatalogImportInput): Promise<{ more: boolean }> {
      const em = orm.em.fork();
      const signal = activitySignal();
      const until = performance.now() + sliceMs;
      await enterPhase(em, input.jobId, 'importing', activityAttempt());
      return withPulse(async () => {
        while ((await importNextCatalogPage(em, input)) > 0) {
          signal?.throwIfAborted();
          if (performance.now() > until) return { more: true };
        }
        return { more: false };
      });
    },

    /** Ends the import and its job. */
    async finishCatalogImport(input: CatalogImportInput & { failureCode: string | null }): Promise<void> {
      await withPulse(() => orm.em.fork().transactional((tx) => endCatalogImport(tx, input)));
    },
  };
}
