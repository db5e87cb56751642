import { createJudge } from '../../../dev/monitoring/answers';

const recorded = new Map([['dnp:emails:sum', 'sum(dnp_emails_total) or vector(0)']]);
const judge = createJudge(recorded, (metric) => metric === 'up' || metric.startsWith('dnp_jobs'));
const sample = (value: number) => ({ labels: {}, value });
const well = { holds: true, remark: '' };
const later = { holds: true, remark: 'empty until an e-mail is sent' };

it('takes numbers, and nothing only from what is yet to appear', () => {
  expect(judge.numbers('up', [sample(NaN), sample(0)])).toEqual(well);
  expect(judge.numbers('up / up', [sample(NaN)])).toEqual({ holds: false, remark: 'NOT A NUMBER' });
  expect(judge.numbers('up{job="none"}', [])).toEqual({ holds: false, remark: 'NO ANSWER' });
  expect(judge.numbers('rate(dnp_emails_total[5m])', [])).toEqual(later);
  expect(judge.numbers('dnp:emails:sum > 3', [])).toEqual(later);
});

it('takes an alert for one that could fire when there is what it reads', () => {
  expect(judge.alert('up == 0', 'inactive')).toEqual(well);
  expect(judge.alert('up == 0', undefined)).toMatchObject({ holds: false });
  expect(judge.alert('dnp_jobs_failed_total > 0', 'inactive')).toEqual(well);
  expect(judge.alert('up == 0 and dnp:emails:sum > 0', 'inactive')).toEqual(later);
  expect(judge.alert('dnp_outbox_oldest_seconds > 300', 'inactive')).toEqual({
    holds: false,
    remark: 'NO dnp_outbox_oldest_seconds',
  });
});
