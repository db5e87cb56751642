import { createSealing } from '../../../adapters/audit-seal/sealing';
import { audit } from '../../../adapters/postgres/audit';
import { type AuditCheck, checkAudit } from '../../../adapters/postgres/audit-check';
import { type AuditRow, listAudit } from '../../../adapters/postgres/audit-reads';
import { decodeCursor, makePage, pageOf } from '../../paging';
import { defineRoute } from '../../route';
import { auditCheckSchema, auditEntrySchema, auditPosition, auditQuery, verifyQuery } from './audit-schema';

const list = defineRoute({
  method: 'get',
  path: '/audit',
  summary: 'What was done, by whom, to what',
  description:
    'Newest first, with what was refused. Rows hold ids, codes and counts; those of an erased person stay, and their ids name nobody any more. Looking is recorded, too.',
  tags: ['Admin'],
  permission: 'admin',
  scope: 'admin',
  query: auditQuery,
  responses: { 200: pageOf(auditEntrySchema) },
  handler: async ({ query, user, em, ctx }) => {
    const after = decodeCursor(query.cursor, auditPosition);
    const { actor = null, event = null, outcome = null, subject = null, from = null, to = null } = query;
    const filter = { actorId: actor, event, outcome, subjectId: subject, from, to };
    const rows = await em.transactional(async (tx) => {
      audit(tx, {
        actorId: user.userId,
        event: 'audit.read',
        outcome: 'done',
        details: { ...filter, first: !after },
        requestId: ctx.state.requestId,
      });
      return listAudit(tx, filter, { limit: query.limit + 1, after });
    });
    const body = makePage(rows, {
      limit: query.limit,
      present: presentEntry,
      position: ({ createdAt, id }) => ({ createdAt: createdAt.toISOString(), id }),
      first: !after,
      emptyReason: 'nothing_matches',
    });
    return { status: 200, body };
  },
});

function presentEntry({ subjectType, subjectId, createdAt, ...row }: AuditRow) {
  return {
    ...row,
    subject: subjectType === null ? null : { type: subjectType, id: subjectId },
    createdAt: createdAt.toISOString(),
  };
}

const verify = defineRoute({
  method: 'get',
  path: '/audit/verify',
  summary: 'Whether the audit is as it was written',
  description:
    'Follows the chain of seals from its beginning, or from where an earlier answer ended, and names the first row that was changed, removed, moved or cut off. `npm run audit:verify` does the same on the server, to the end.',
  tags: ['Admin'],
  permission: 'admin',
  scope: 'admin',
  query: verifyQuery,
  responses: { 200: auditCheckSchema },
  handler: async ({ query: { after, limit }, user, em, ctx, deps: { config } }) => {
    const check = await checkAudit(em, createSealing(config.audit), { after, most: limit });
    audit(em, {
      actorId: user.userId,
      event: 'audit.verified',
      outcome: 'done',
      details: {
        after,
        checked: check.checked,
        complete: check.complete,
        fault: check.fault?.kind ?? null,
        sequence: check.fault?.sequence ?? null,
      },
      requestId: ctx.state.requestId,
    });
    await em.flush();
    return { status: 200, body: presentCheck(check) };
  },
});

function presentCheck({ checked, upTo, complete, fault, head, sealedSince, unsealed }: AuditCheck) {
  return {
    intact: fault === null,
    complete,
    checked,
    upTo,
    next: complete || fault ? null : upTo,
    fault,
    head: head && { sequence: head.sequence, sealedAt: head.sealedAt },
    sealedSince: sealedSince?.toISOString() ?? null,
    unsealed: { count: unsealed.count, since: unsealed.since?.toISOString() ?? null },
  };
}

export const auditRoutes = [list, verify];
