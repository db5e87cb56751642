import { databaseNow } from '../../../adapters/postgres/clock';
import { addEvidence } from '../../../adapters/postgres/offense-evidence';
import { changeOffense, DuplicateFound, submitOffense } from '../../../adapters/postgres/offense-submissions';
import type { SubmissionObstacle, Submitting } from '../../../adapters/postgres/submission-limits';
import { DomainError, type FieldError } from '../../../domain/errors';
import {
  type GivenEvidence,
  occurrenceFaults,
  parseEvidence,
  type ParsedEvidence,
} from '../../../domain/offense-input';
import { verifiedMeaning } from '../../../domain/offenses';
import type { z } from 'zod';
import { meHref, offenseEvidenceHref, offenseHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import type { Caller } from '../../context';
import type { Dependencies } from '../../dependencies';
import { idParams } from '../auth/schema';
import { readerOf } from './presenters';
import { describeOffense } from './read-offenses';
import { requireOffenses } from './require-offenses';
import { changeBody, evidenceBody, offenseWithEvidenceSchema, submitBody } from './schema';

const submit = defineRoute({
  method: 'post',
  path: '/offenses',
  summary: 'Submit what sources report of an artist',
  description: `With at least one source. It is \`pending\` until a moderator who is not you has looked; until then nobody but you and staff sees it, and it blocks nobody. ${verifiedMeaning} \`409 duplicate_offense\` where an entry about the artist in that category has the same source, overlaps in time or has all but the same title; add your source to that one. \`429 submission_limit\`, \`403 submissions_muted\`.`,
  tags: ['Offenses'],
  permission: 'user',
  idempotent: true,
  body: submitBody,
  responses: { 201: offenseWithEvidenceSchema },
  handler: async ({ user, body, em, ctx, deps }) => {
    await requireOffenses(em);
    const { evidence: given, ...content } = body;
    const now = await databaseNow(em);
    const faults = occurrenceFaults(content, { root: 'body', now });
    const evidence = parsed(given, { path: (n) => `body.evidence[${n}]`, now, faults });
    const submitting = submittingBy(user, deps, ctx.state.requestId);
    const done = await refusingDuplicates(() =>
      em.transactional((tx) => submitOffense(tx, { ...submitting, content, evidence })),
    );
    if ('denied' in done) throw obstacleError(done.denied);
    const offense = await describeOffense(em, submitting.reader, done.offenseId);
    return { status: 201, body: offense, headers: { Location: offenseHref(offense.id) } };
  },
});

const change = defineRoute({
  method: 'patch',
  path: '/offenses/{id}',
  summary: 'Change an entry of your own',
  description:
    'While it is `pending`, also after changes were requested: then it goes back to the moderators. `409 not_editable` once it was decided, `409 version_conflict` where it is another version by now.',
  tags: ['Offenses'],
  permission: 'user',
  params: idParams,
  body: changeBody,
  responses: { 200: offenseWithEvidenceSchema },
  handler: async ({ user, params: { id }, body, em, ctx, deps }) => {
    await requireOffenses(em);
    const submitting = submittingBy(user, deps, ctx.state.requestId);
    const done = await refusingDuplicates(() =>
      em.transactional((tx) => changeOffense(tx, { ...submitting, offenseId: id, change: body })),
    );
    if ('denied' in done) throw obstacleError(done.denied);
    return { status: 200, body: await describeOffense(em, submitting.reader, id) };
  },
});

const add = defineRoute({
  method: 'post',
  path: '/offenses/{id}/evidence',
  summary: 'Add a source to an entry',
  description:
    'To any that you see and that was not rejected. A moderator looks at it; until then others don’t see it. `409 duplicate_evidence` where the source is there.',
  tags: ['Offenses'],
  permission: 'user',
  idempotent: true,
  params: idParams,
  body: evidenceBody,
  responses: { 201: offenseWithEvidenceSchema },
  handler: async ({ user, params: { id }, body, em, ctx, deps }) => {
    await requireOffenses(em);
    const [evidence] = parsed([body], { path: () => 'body', now: await databaseNow(em), faults: [] });
    const submitting = submittingBy(user, deps, ctx.state.requestId);
    const done = await em.transactional((tx) => addEvidence(tx, { ...submitting, offenseId: id, evidence: evidence! }));
    if ('denied' in done) throw obstacleError(done.denied);
    return { status: 201, body: await describeOffense(em, submitting.reader, id) };
  },
});

const submittingBy = (user: Caller, { config }: Dependencies, requestId: string): Submitting => ({
  reader: readerOf(user),
  limits: { pending: config.OFFENSES_PENDING_MOST, aDay: config.OFFENSES_A_DAY_MOST },
  requestId,
});

/** Sources as they are kept. Throws DomainError `invalid_request` with all that is wrong, also with what was looked at before. */
function parsed(
  given: readonly z.output<typeof evidenceBody>[],
  { path, now, faults }: { path: (n: number) => string; now: Date; faults: FieldError[] },
): ParsedEvidence[] {
  const evidence = given.map((one): GivenEvidence => ({
    ...one,
    retrievedAt: one.retrievedAt === null ? null : new Date(one.retrievedAt),
  }));
  const outcome = parseEvidence(evidence, { path, now });
  const errors = [...faults, ...('faults' in outcome ? outcome.faults : [])];
  if ('faults' in outcome || errors.length > 0) throw new DomainError('invalid_request', { errors });
  return outcome.evidence;
}

/** Says which entry says the same, and where to add a source to it; of one that the person doesn't see only that there is one. */
async function refusingDuplicates<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof DuplicateFound)) throw error;
    const { offenseId: id, reason } = error.duplicate;
    throw new DomainError('duplicate_offense', {
      params: { reason },
      ...(id === null
        ? { detail: 'The other entry waits for a moderator, or was rejected with these sources.' }
        : {
            resource: { type: 'offense', id, href: offenseHref(id) },
            action: { code: 'add_evidence', href: offenseEvidenceHref(id) },
          }),
    });
  }
}

function obstacleError(obstacle: SubmissionObstacle): DomainError {
  if (obstacle.code === 'submissions_muted') {
    const { muteId: id, until } = obstacle;
    return new DomainError('submissions_muted', {
      params: { muteId: id, ...(until ? { until: until.toISOString() } : {}) },
      resource: { type: 'submission_mute', id, href: meHref },
    });
  }
  const { limit, most, retryAfter } = obstacle;
  return new DomainError('submission_limit', { params: { limit, most }, retryAfter });
}

export const offenseSubmitRoutes = [submit, change, add];
