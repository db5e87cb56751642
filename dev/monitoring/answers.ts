import { partsOf } from './promql';
import type { Sample } from './prometheus';

/**
 * Metrics that are not there before something has happened, and what. A query that reads one of them may have no answer until then;
 * everything else has one from the start.
 */
export const appearsWith: Readonly<Record<string, string>> = {
  dnp_connection_health_changes_total: 'a connection’s health changes',
  dnp_emails_total: 'an e-mail is sent',
  dnp_jobs_failed_total: 'a job fails',
  dnp_token_refreshes_total: 'a token is renewed',
  dnp_webhook_deliveries_total: 'a webhook is called',
  temporal_activity_execution_failed_total: 'an activity fails',
  temporal_long_request_failure_total: 'a poll fails',
  temporal_workflow_failed_total: 'a workflow fails',
  temporal_workflow_task_execution_failed_total: 'a workflow task fails',
};

export interface Verdict {
  readonly holds: boolean;
  /** Why it has no answer, or what is wrong; empty where all is well. */
  readonly remark: string;
}

/**
 * Judges what queries have, by the metrics that they read in the end.
 *
 * @param recorded expressions by the names that rules record them under
 * @param present whether a metric has any series
 */
export function createJudge(recorded: ReadonlyMap<string, string>, present: (metric: string) => boolean) {
  const metricsIn = (expression: string): string[] => {
    const names = partsOf(expression).selectors.map(({ metric }) => metric);
    return [...new Set(names.flatMap((name) => (recorded.has(name) ? metricsIn(recorded.get(name) ?? '') : [name])))];
  };
  const absentIn = (expression: string) => metricsIn(expression).filter((metric) => !present(metric));
  const untilThen = (metrics: readonly string[]) =>
    metrics.length === 0 ? '' : `empty until ${metrics.map((metric) => appearsWith[metric]).join(', and ')}`;
  const awaitedIn = (expression: string) => absentIn(expression).filter((metric) => metric in appearsWith);
  return {
    /** A panel, or what a rule records: has an answer, or reads what is yet to appear. */
    numbers(expression: string, samples: readonly Sample[]): Verdict {
      if (samples.some(({ value }) => !Number.isNaN(value))) return { holds: true, remark: '' };
      const awaited = awaitedIn(expression);
      if (awaited.length > 0) return { holds: true, remark: untilThen(awaited) };
      return { holds: false, remark: samples.length > 0 ? 'NOT A NUMBER' : 'NO ANSWER' };
    },

    /** An alert has an answer only where something is wrong; that it could have one is told by what it reads. */
    alert(expression: string, state: string | undefined): Verdict {
      const missing = absentIn(expression).filter((metric) => !(metric in appearsWith));
      if (missing.length > 0) return { holds: false, remark: `NO ${missing.join(', ')}` };
      if (state === undefined) return { holds: false, remark: 'NOT A RULE OF THIS PROMETHEUS' };
      return { holds: true, remark: untilThen(awaitedIn(expression)) };
    },
  };
}
