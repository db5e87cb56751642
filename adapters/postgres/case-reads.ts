import type { CaseOrigin, CaseState, CaseSubjectType } from '../../domain/moderation';
import { givenIds } from './erasure';
import type { EntityManager } from './orm';

/** A case as it stands at this moment. */
export interface ReadCase {
  id: string;
  subjectType: CaseSubjectType;
  subjectId: string;
  origin: CaseOrigin;
  state: CaseState;
  priority: number;
  reports: number;
  /** Since it was opened, up to its decision; seconds. */
  ageSeconds: number;
  holderId: string | null;
  heldUntil: Date | null;
  decisionId: string | null;
  version: number;
  openedAt: Date;
  decidedAt: Date | null;
}

export interface CaseFilter {
  /** Null: all that wait for a decision. */
  state: CaseState | 'any' | null;
  subjectType: CaseSubjectType | null;
  origin: CaseOrigin | null;
  /** Ids of one person who holds it; `none` where nobody may. */
  holder: readonly string[] | 'none' | null;
  /** Opened from this moment on, and before that one, as ISO 8601 has them. */
  from: string | null;
  to: string | null;
}

export const caseSorts = ['priority', 'newest'] as const;
export type CaseSort = (typeof caseSorts)[number];
export interface CasePosition {
  priority: number;
  id: string;
}

type RawCase = Omit<ReadCase, 'heldUntil' | 'openedAt' | 'decidedAt'> &
  Record<'openedAt', string> &
  Record<'heldUntil' | 'decidedAt', string | null>;

/** Who lets a case lie holds it no more, whether or not the sweep has noted it. */
const state = `case when c.state = 'in_review' and c.held_until <= now() then 'open' else c.state end`;
const holder = `case when c.held_until > now() then c.holder_id end`;
const columns = `c.id, c.subject_type as "subjectType", c.subject_id as "subjectId", c.origin, ${state} as state, c.priority, c.reports,
  extract(epoch from coalesce(c.decided_at, now()) - c.opened_at)::int as "ageSeconds", ${holder} as "holderId",
  case when c.held_until > now() then c.held_until end as "heldUntil", c.decision_id as "decisionId", c.version,
  c.opened_at as "openedAt", c.decided_at as "decidedAt"`;

/** How a page goes on, and what its rows are in order of. */
const orders: Readonly<
  Record<CaseSort, (after: CasePosition | null) => { goesOn: string; values: (string | number)[]; order: string }>
> = {
  priority: (after) => ({
    goesOn: after ? `(c.priority < ? or c.priority = ? and c.id > ?::uuid)` : 'true',
    values: after ? [after.priority, after.priority, after.id] : [],
    order: `c.priority desc, c.id`,
  }),
  newest: (after) => ({
    goesOn: after ? `c.id < ?::uuid` : 'true',
    values: after ? [after.id] : [],
    order: `c.id desc`,
  }),
};

/** Cases, what is most urgent first and among equals what has waited longest, or newest first; after the one named. */
export async function listCases(
  em: EntityManager,
  filter: CaseFilter,
  { sort, limit, after }: { sort: CaseSort; limit: number; after: CasePosition | null },
): Promise<ReadCase[]> {
  const { subjectType, origin, from, to } = filter;
  const wanted = filter.state ?? 'waiting';
  const none = filter.holder === 'none';
  const holders = filter.holder === null || none ? null : JSON.stringify(filter.holder);
  const { goesOn, values, order } = orders[sort](after);
  const rows = await em.execute<RawCase[]>(
    `select ${columns} from moderation_cases c
     where (? in ('waiting', 'any') or ${state} = ?) and (? in ('decided', 'any') or c.state <> 'decided')
       and (?::text is null or c.subject_type = ?) and (?::text is null or c.origin = ?)
       and (not ?::boolean or (${holder}) is null) and (?::text is null or (${holder}) in ${givenIds})
       and (?::timestamptz is null or c.opened_at >= ?) and (?::timestamptz is null or c.opened_at < ?)
       and ${goesOn} order by ${order} limit ?`,
    [
      ...[wanted, wanted, wanted, subjectType, subjectType, origin, origin, none, holders, holders, from, from, to, to],
      ...[...values, limit],
    ],
  );
  return rows.map(caseOf);
}

export async function findCase(em: EntityManager, id: string): Promise<ReadCase | null> {
  const [row] = await em.execute<RawCase[]>(`select ${columns} from moderation_cases c where c.id = ?`, [id]);
  return row ? caseOf(row) : null;
}

const caseOf = ({ heldUntil, openedAt, decidedAt, ...row }: RawCase): ReadCase => ({
  ...row,
  heldUntil: heldUntil === null ? null : new Date(heldUntil),
  openedAt: new Date(openedAt),
  decidedAt: decidedAt === null ? null : new Date(decidedAt),
});
