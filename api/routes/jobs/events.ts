import { findJob } from '../../../adapters/postgres/job-reads';
import type { JobSighting } from '../../../adapters/postgres/job-watch';
import { DomainError } from '../../../domain/errors';
import { isFinished } from '../../../domain/jobs';
import { openEventStream, type EventStream } from '../../event-stream';
import { defineRoute } from '../../route';
import { idParams } from '../auth/schema';
import { milestoneText } from './milestone-text';
import { jobPresenter, type PresentedJob } from './presenters';
import type { JobRow } from '../../../adapters/postgres/job-reads';

const events = defineRoute({
  method: 'get',
  path: '/jobs/{id}/events',
  summary: 'Watch a job',
  description:
    'Server-sent events: `progress` (the job, at most once a second, when something changed), `milestone` (`{code, params, text}`, rare, fit to be read out), and at the end `done` (the job). The id of an event is the number of the last milestone: send it as `Last-Event-ID` to go on from there.',
  tags: ['Jobs'],
  permission: 'signed_in',
  params: idParams,
  responses: { 200: { contentType: 'text/event-stream', description: 'Events until the job has ended.' } },
  handler: async ({ user, params, em, ctx, deps }) => {
    if (!(await findJob(em, { userId: user.userId, id: params.id }))) throw new DomainError('not_found');
    let stop = () => {};
    const stream = openEventStream(deps.closing, () => stop());
    const tell = teller(stream, lastEventId(ctx.get('Last-Event-ID')), jobPresenter(deps.config, user));
    stop = deps.jobWatch.watch(params.id, lastEventId(ctx.get('Last-Event-ID')), tell);
    if (stream.body.destroyed) stop();
    return { status: 200, body: stream.body, headers: { 'X-Accel-Buffering': 'no' } };
  },
});

function lastEventId(text: string): number {
  return /^\d{1,9}$/.test(text) ? Number(text) : 0;
}

/** Turns sightings into events. */
function teller(stream: EventStream, firstId: number, present: (row: JobRow) => PresentedJob) {
  let id = firstId;
  let told = '';
  return (sighting: JobSighting | null): void => {
    if (!sighting) return stream.end();
    for (const { seq, code, params, createdAt } of sighting.milestones) {
      id = seq;
      const data = { code, params, text: milestoneText({ code, params }), at: createdAt.toISOString() };
      stream.send({ id, event: 'milestone', data });
    }
    const job = present(sighting.job);
    // The estimate moves with the clock alone; that is no news.
    const news = JSON.stringify({ ...job, etaSeconds: null });
    const ended = isFinished(job.status);
    if (news !== told && (ended || stream.keepsUp())) {
      told = news;
      stream.send({ id, event: 'progress', data: job });
    }
    if (!ended) return;
    stream.send({ id, event: 'done', data: job });
    stream.end();
  };
}

export const jobEventRoutes = [events];
