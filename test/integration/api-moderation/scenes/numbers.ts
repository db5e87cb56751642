import { newId } from '../../../../adapters/postgres/ids';
import { transparencyColumns, type TransparencyReport } from '../../../../domain/transparency';
import { itemsOf, outcome } from '../../api-enforcement/harness';
import { decided, type ModeratedRows } from './moderated-rows';

interface CaseRow {
  opened_at: string;
  decided_at: string | null;
  subject_id: string;
}
interface DecisionRow {
  subject_type: string;
  measure: string;
  rule: string;
  automated: boolean;
  decided_at: string;
  reversed_at: string | null;
}

/** What falls on days between these, by UTC, both included; `2026-01-30` and so on. */
const on = (moment: string | null, from: string, to = from) => {
  if (moment === null) return false;
  const day = new Date(moment).toISOString().slice(0, 10);
  return day >= from && day <= to;
};
const median = (numbers: number[]): number | null => {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  if (sorted.length === 0) return null;
  return Math.round(sorted.length % 2 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2);
};
const age = ({ opened_at: opened, decided_at: ended }: CaseRow) => (Date.parse(ended!) - Date.parse(opened)) / 1000;

export function testNumbers(rows: ModeratedRows): void {
  const [from, to] = ['2026-01-30', '2026-02-02'];
  const anyone = (path: string) => rows.harness.api.call('GET', `/api/v1/${path}`);
  const cases = () => rows.sql<CaseRow>(`select * from moderation_cases`);
  const decisions = () => rows.sql<DecisionRow>(`select * from decisions`);

  beforeAll(async () => {
    // At the edges of days by UTC, and with one on which nothing happened.
    const times = [
      ['2026-01-29T23:59:59.999Z', '2026-02-01T00:00:00Z', 'approve', 'sources.support'],
      ['2026-01-30T00:00:00Z', '2026-01-30T23:59:59.999Z', 'reject', 'wrong.artist'],
      ['2026-01-30T10:00:00Z', '2026-01-30T10:00:31Z', 'reject', 'wrong.artist'],
      ['2026-02-01T12:00:00Z', '2026-02-03T00:00:00Z', 'restrict', 'content.private'],
    ] as const;
    for (const [n, [opened, ended, measure, rule]] of times.entries()) {
      const offenseId = await rows.offense(null, 'sources_verified');
      const body = { target: { type: 'offense', id: offenseId }, category: n % 2 ? 'privacy' : 'defamation' };
      const explanation = 'None of the papers says so.';
      await rows.harness.api.call('POST', '/api/v1/reports', { body: { ...body, explanation, goodFaith: true } });
      const [{ id } = { id: '' }] = await rows.sql<{ id: string }>(
        `select id from moderation_cases where subject_id = ?`,
        [offenseId],
      );
      const until = measure === 'restrict' ? { until: '2090-01-01T00:00:00Z' } : {};
      await decided(await rows.moderator(), id, { measure, rule, automated: n === 1, ...until });
      await rows.sql(`update moderation_cases set opened_at = ?, decided_at = ? where id = ?`, [opened, ended, id]);
      await rows.sql(`update reports set created_at = ? where case_id = ?`, [opened, id]);
      const reversed = n === 2 ? '2026-02-02T23:00:00Z' : null;
      await rows.sql(`update decisions set decided_at = ?, reversed_at = ? where case_id = ?`, [ended, reversed, id]);
    }
    const { id } = await rows.harness.person();
    await rows.sql(
      `insert into appeals (id, decision_id, user_id, state, deadline_at, escalates_at, created_at, closed_at)
       select ?, id, ?, 'decision_reversed', now(), now(), reversed_at - interval '1 hour', reversed_at
       from decisions where reversed_at = '2026-02-02T23:00:00Z'`,
      [newId(), id],
    );
    await rows.sql(
      `insert into user_suspensions (id, user_id, reason, suspended_by, suspended_at, ended_at, ending) values (?, ?, 'x', ?, '2026-01-30', '2026-01-31', 'lifted')`,
      [newId(), id, newId()],
    );
  });

  it('by day are a recount of the rows, and a day without any is there', async () => {
    const moderator = await rows.moderator();
    const answer = (await moderator.get(`moderation/stats?from=${from}&to=${to}`)).body;
    const [all, taken] = [await cases(), await decisions()];
    const days = ['2026-01-30', '2026-01-31', '2026-02-01', '2026-02-02'].map((day) => {
      const ended = all.filter(({ decided_at: at }) => on(at, day));
      return {
        day,
        opened: all.filter(({ opened_at: at }) => on(at, day)).length,
        decided: ended.length,
        waiting: all.filter(({ opened_at: o, decided_at: d }) => on(o, '0', day) && !on(d, '0', day)).length,
        medianSeconds: median(ended.map(age)),
        reversed: taken.filter(({ reversed_at: at }) => on(at, day)).length,
      };
    });
    expect(answer.days).toEqual(days);
    expect(days.map(({ opened, decided: ended, reversed }) => [opened, ended, reversed])).toEqual([
      ...[
        [2, 2, 0],
        [0, 0, 0],
        [1, 1, 0],
        [0, 0, 1],
      ],
    ]);
    const ended = all.filter(({ decided_at: at }) => on(at, from, to));
    expect(answer.totals).toEqual({ opened: 3, decided: 3, medianSeconds: median(ended.map(age)), reversed: 1 });
    expect((await moderator.get('moderation/stats')).body.days).toHaveLength(30);
  });

  it('for everybody are a recount of the rows, the same in either format', async () => {
    const report = (await anyone(`transparency/report?from=${from}&to=${to}`)).body as unknown as TransparencyReport;
    const taken = (await decisions()).filter(({ decided_at: at }) => on(at, from, to));
    const groups = new Set(taken.map(({ subject_type: type, measure, rule }) => `${type} ${measure} ${rule}`));
    expect(report.measures).toEqual(
      [...groups].sort().map((group) => {
        const [subject, measure, rule] = group.split(' ');
        const own = taken.filter((row) => row.measure === measure && row.rule === rule && row.subject_type === subject);
        return { subject, measure, rule, decisions: own.length, automated: own.filter((row) => row.automated).length };
      }),
    );
    expect(report).toMatchObject({
      from,
      to,
      notices: [
        { category: 'defamation', received: 1, decided: 1, actedOn: 1, medianSeconds: 31 },
        { category: 'privacy', received: 2, decided: 2, actedOn: 2, medianSeconds: 108_000 },
      ],
      automatedShare: 1 / 3,
      cases: { opened: 3, decided: 3 },
      appeals: { received: 1, decided: 1, stands: 0, reversed: 1, modified: 0, medianSeconds: 3600 },
      suspensions: { imposed: 1, lifted: 1 },
    });
    const csv = await anyone(`transparency/report?from=${from}&to=${to}&format=csv`);
    expect(csv.headers.get('content-type')).toContain('text/csv');
    const lines = csv.text
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(','));
    expect(lines[0]).toEqual([...transparencyColumns]);
    expect(lines).toContainEqual(['measures', 'offense', 'reject', 'wrong.artist', '', 'decisions', '2']);
    expect(lines).toContainEqual(['notices', '', '', '', 'privacy', 'medianSeconds', '108000']);
    const nothing = (await anyone('transparency/report?from=1990-01-01&to=1990-01-01')).body;
    expect(nothing).toMatchObject({ notices: [], measures: [], automatedShare: null, cases: { medianSeconds: null } });
  });

  it.each([
    'from=2026-02-02&to=2026-02-01',
    'from=1900-01-01&to=1900-01-02',
    'from=2020-01-01&to=2026-01-01',
    'from=2026-02-30',
    'to=x',
  ])('are not had of %s', async (query) => {
    expect(outcome(await anyone(`transparency/report?${query}`))).toEqual([400, 'invalid_request']);
    expect(outcome(await (await rows.moderator()).get(`moderation/stats?${query}`))).toEqual([400, 'invalid_request']);
  });

  it('rest on rules that everybody reads, in every version', async () => {
    const versions = await anyone('policies');
    const [newest] = itemsOf(versions);
    expect(newest).toMatchObject({ current: true, href: expect.stringMatching(/^\/api\/v1\/policies\/2/) });
    const current = (await anyone('policies/current')).body;
    expect(current).toMatchObject({
      version: newest?.version,
      rules: expect.arrayContaining([expect.objectContaining({ code: 'wrong.artist' })]),
    });
    expect((await anyone(`policies/${String(newest?.version)}`)).body).toEqual(current);
    expect(outcome(await anyone('policies/1999-01-01'))).toEqual([404, 'not_found']);
  });
}
