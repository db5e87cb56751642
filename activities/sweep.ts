import type { Client } from '@temporalio/client';
import { settleMerges } from '../adapters/postgres/account-merge-end';
import { endForgottenFlows, forgetFlowDetails } from '../adapters/postgres/flow-retention';
import { tellSubscribers } from '../adapters/postgres/list-tellings';
import { forgetExports } from '../adapters/postgres/account-exports';
import { failSubject } from '../adapters/postgres/failed-subject';
import { forgetImports } from '../adapters/postgres/file-imports';
import { finishJob } from '../adapters/postgres/jobs';
import { forgetAnnouncements } from '../adapters/postgres/person-events';
import { forgetSpotifyAppFindings } from '../adapters/postgres/spotify-app-book';
import { dropWaiting, takeWaiting } from '../adapters/postgres/emails';
import type { EntityManager, MikroORM } from '../adapters/postgres/orm';
import { enqueueAgain, unstartedEntries } from '../adapters/postgres/outbox';
import { endMeasures, releaseIdleClaims } from '../adapters/postgres/moderation-ends';
import { forgetReports } from '../adapters/postgres/reports';
import { forgetCallHours } from '../adapters/postgres/provider-calls';
import { forgetTurns } from '../adapters/postgres/provider-gate-leases';
import { endRun, type RunEnd } from '../adapters/postgres/run-end';
import { endSuspensions } from '../adapters/postgres/suspending';
import type { FlowEndLabels } from '../adapters/telemetry/oauth-flow-counter';
import type { Dispatcher } from '../adapters/temporal/dispatch';
import { isWorkflowOpen } from '../adapters/temporal/workflow-state';

export interface SweepDeps {
  orm: MikroORM;
  client: Client;
  dispatcher: Dispatcher;
  /** Counts a flow's end. */
  onFlowEnd: (end: FlowEndLabels) => void;
  onRunEnd?: (end: RunEnd) => void;
  emails: {
    /** Whether a mail server is configured. */
    sending: boolean;
    onDropped: (count: number) => void;
  };
}

/** Rows looked at in one sweep; the next one comes a minute later. */
const atMost = 500;
/** Seconds of one sweep in which people are told of lists; some hundred people a second. */
const tellingSeconds = 20;

/** E-mails that begin to be sent in one sweep: mail servers want to be asked slowly. */
const emailsAtOnce = 200;

/** Puts right what crashes and people at the Temporal UI leave behind. */
export function createSweepActivities(deps: SweepDeps) {
  return {
    /** Starts workflows whose rows were committed `olderThanSeconds` ago and that were never started. */
    async startLeftovers({ olderThanSeconds }: { olderThanSeconds: number }): Promise<{ started: number }> {
      const ids = await unstartedEntries(deps.orm.em.fork(), olderThanSeconds, atMost);
      let failure: unknown;
      let started = 0;
      for (const id of ids) {
        try {
          await deps.dispatcher.start(id);
          started += 1;
        } catch (error) {
          // One that Temporal will not take must not keep the others from starting.
          failure = error;
        }
      }
      if (failure && started === 0) throw failure;
      return { started };
    },

    /**
     * Closes the rows of workflows that came to an end without saying so: terminated or failed from outside. Their runs need
     * attention, their locks are freed. The end of a connection is begun again instead: its person sees it no more, so that
     * nobody would ask for what is left of it to be removed; and so is an appeal, which somebody has to decide.
     */
    async reconcile({ olderThanSeconds }: { olderThanSeconds: number }): Promise<{ closed: number }> {
      const em = deps.orm.em.fork();
      const jobs = await em.execute<AbandonedJob[]>(
        `select j.id, j.type, j.workflow_id, j.subject_type, j.subject_id from jobs j where j.finished_at is null
           and exists (select from outbox o where o.workflow_id = j.workflow_id and o.started_at < now() - make_interval(secs => ?))
           and not exists (select from outbox o where o.workflow_id = j.workflow_id and (o.started_at is null or o.started_at >= now() - make_interval(secs => ?)))
         order by j.updated_at limit ?`,
        [olderThanSeconds, olderThanSeconds, atMost],
      );
      let closed = 0;
      for (const job of jobs) {
        if ((await isWorkflowOpen(deps.client, job.workflow_id)) === true) continue;
        const end = await closeAbandoned(em, job);
        if (end.closed) closed += 1;
        if (end.run) deps.onRunEnd?.(end.run);
      }
      return { closed };
    },

    /** Ends flows that nobody finished, and suspensions, measures and claims whose time is over, and removes what has passed its end: details of flows, sessions, remembered answers, outbox entries that were started long ago. In the end tells of new versions whoever goes by a list, and begins to send the e-mails that wait. */
    async forgetExpired(): Promise<void> {
      const em = deps.orm.em.fork();
      for (const end of await endForgottenFlows(em)) deps.onFlowEnd(end);
      await endSuspensions(em);
      await endMeasures(em);
      await releaseIdleClaims(em);
      await forgetFlowDetails(em);
      await forgetExports(em);
      await forgetImports(em, 'block_import');
      await forgetImports(em, 'catalog_import');
      await forgetAnnouncements(em);
      await forgetTurns(em);
      await forgetCallHours(em);
      await forgetSpotifyAppFindings(em);
      await forgetReports(em);
      await em.execute(`delete from sessions where expires_at < now()`);
      await settleMerges(em);
      await em.execute(`delete from kept_names where expires_at < now()`);
      await em.execute(`delete from idempotency_keys where expires_at < now()`);
      await em.execute(
        `delete from outbox where started_at < now() - interval '7 days' and not exists (select from jobs j where j.workflow_id = outbox.workflow_id and j.finished_at is null)`,
      );
      await em.execute(
        `update plans set status = 'expired', version = version + 1 where status in ('ready', 'stale') and expires_at < now()`,
      );
      await tellSubscribers(em, tellingSeconds);
      const dropped = await dropWaiting(em, deps.emails);
      if (dropped > 0) deps.emails.onDropped(dropped);
      for (const id of await takeWaiting(em, emailsAtOnce)) await deps.dispatcher.tryStart(id);
    },
  };
}

interface AbandonedJob {
  id: string;
  type: string;
  workflow_id: string;
  subject_type: string;
  subject_id: string;
}

/** The row is checked again under its lock: the workflow may have ended its job between the two looks. */
async function closeAbandoned(em: EntityManager, job: AbandonedJob): Promise<{ closed: boolean; run?: RunEnd | null }> {
  return em.fork().transactional(async (tx) => {
    const open = await tx.execute<{ id: string }[]>(
      `select id from jobs where id = ? and finished_at is null for update`,
      [job.id],
    );
    if (open.length === 0) return { closed: false };
    if (job.type === 'disconnect' || job.type === 'appeal') {
      await enqueueAgain(tx, { jobId: job.id, workflowId: job.workflow_id });
      return { closed: false };
    }
    const run = job.subject_type === 'run' ? await endRun(tx, job.subject_id, 'terminated') : null;
    await failSubject(tx, { subjectType: job.subject_type, subjectId: job.subject_id }, 'terminated');
    await finishJob(tx, job.id, 'failed', 'terminated');
    return { closed: true, run };
  });
}
