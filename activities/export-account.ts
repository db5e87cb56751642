import { accountJson } from '../adapters/postgres/account-export-content';
import { addChunk, closeExport, markExportReady, openExport } from '../adapters/postgres/account-exports';
import { addMilestone, enterPhase } from '../adapters/postgres/jobs';
import { type MikroORM, oneMoment } from '../adapters/postgres/orm';
import { activityAttempt, activitySignal } from './activity-context';
import { gzipInChunks } from './export-account/gzip-chunks';
import { withPulse } from './pulse';

export interface ExportInput {
  exportId: string;
  jobId: string;
}

/** Making the file with everything that a person has here. */
export function createExportActivities(deps: { orm: MikroORM }) {
  return {
    /**
     * Writes the whole file, or nothing of it: one transaction that sees one moment, a page of rows and a piece of the
     * file in memory at a time. Does nothing to an export that is made, or gone with its person.
     */
    async writeExport({ exportId, jobId }: ExportInput): Promise<void> {
      const em = deps.orm.em.fork();
      const found = await openExport(em, exportId);
      if (!found || found.status !== 'preparing') return;
      await enterPhase(em, jobId, 'writing', activityAttempt());
      const signal = activitySignal();
      await withPulse(() =>
        oneMoment(em, async (tx) => {
          const text = accountJson(tx, found.userId, new Date());
          const size = await gzipInChunks(text, async (bytes, seq) => {
            signal?.throwIfAborted();
            await addChunk(tx, exportId, seq, bytes);
          });
          await markExportReady(tx, exportId, size);
        }),
      );
    },

    /** Ends the export's job, and the export where it could not be made. */
    async finishExport({ exportId, jobId, failureCode }: ExportInput & { failureCode: string | null }): Promise<void> {
      await deps.orm.em.fork().transactional(async (tx) => {
        if (await closeExport(tx, { exportId, jobId, failureCode }))
          await addMilestone(tx, jobId, failureCode ? 'export_failed' : 'export_ready');
      });
    },
  };
}
