import type { Cell } from './csv';
import type { DayRange } from './day-range';
import type { DecisionSubjectType, Measure } from './moderation';
import type { ReportCategory } from './reports';

/** What was moderated in a time, in numbers (Digital Services Act, articles 15 and 24). Durations are in seconds. */
export interface TransparencyReport extends DayRange {
  /** What was reported, by what reporters found wrong with it. */
  notices: {
    category: ReportCategory;
    received: number;
    decided: number;
    /** Those whose subject was then removed or restricted. */
    actedOn: number;
    medianSeconds: number | null;
  }[];
  /** What was decided, by what about and on which rule. */
  measures: {
    subject: DecisionSubjectType;
    measure: Measure;
    rule: string;
    decisions: number;
    automated: number;
  }[];
  /** Of all decisions, those that automated means helped with; null where nothing was decided. */
  automatedShare: number | null;
  cases: { opened: number; decided: number; medianSeconds: number | null };
  appeals: {
    received: number;
    decided: number;
    stands: number;
    reversed: number;
    modified: number;
    medianSeconds: number | null;
  };
  suspensions: { imposed: number; lifted: number };
}

export const transparencyColumns = ['section', 'subject', 'measure', 'rule', 'category', 'figure', 'value'] as const;

/** The report as lines of a table, a figure each. */
export function transparencyLines(report: TransparencyReport): Cell[][] {
  const line = (section: string, figure: string, value: Cell, of: Partial<Record<string, string>> = {}): Cell[] => [
    section,
    of.subject ?? null,
    of.measure ?? null,
    of.rule ?? null,
    of.category ?? null,
    figure,
    value,
  ];
  const figures = (section: string, row: object, of?: Partial<Record<string, string>>): Cell[][] =>
    Object.entries(row as Record<string, number | null>).map(([figure, value]) => line(section, figure, value, of));
  return [
    line('period', 'from', report.from),
    line('period', 'to', report.to),
    ...report.notices.flatMap(({ category, ...row }) => figures('notices', row, { category })),
    ...report.measures.flatMap(({ subject, measure, rule, ...row }) =>
      figures('measures', row, { subject, measure, rule }),
    ),
    line('decisions', 'automatedShare', report.automatedShare),
    ...figures('cases', report.cases),
    ...figures('appeals', report.appeals),
    ...figures('suspensions', report.suspensions),
  ];
}
