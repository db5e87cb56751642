import { oneMoment } from '../../../adapters/postgres/orm';
import { readTransparency } from '../../../adapters/postgres/transparency';
import { csvLine } from '../../../domain/csv';
import { transparencyColumns, transparencyLines, type TransparencyReport } from '../../../domain/transparency';
import { dayQuery, daysOf } from '../../day-query';
import { fileAnswer, type FileFormat, fileQuery, fileResponse } from '../../file-answer';
import { defineRoute } from '../../route';

const read = defineRoute({
  method: 'get',
  path: '/transparency/report',
  summary: 'What was reported, decided, appealed against and suspended, in numbers',
  description:
    'For everybody. Days by UTC, the last 365 without a range, at most 731; durations in seconds. Notices by what reporters found wrong, decisions by what about, measure and rule, and how many automated means helped with. In CSV a line a figure.',
  tags: ['Moderation'],
  permission: 'anyone',
  query: dayQuery.extend(fileQuery.shape),
  responses: { 200: fileResponse },
  handler: async ({ query: { format, ...days }, em }) => {
    const range = await daysOf(em, days, { usual: 365, most: 731 });
    const report = await oneMoment(em, (tx) => readTransparency(tx, range));
    return fileAnswer(format, `transparency-${range.from}-${range.to}`, textOf(report, format));
  },
});

async function* textOf(report: TransparencyReport, format: FileFormat): AsyncGenerator<string> {
  if (format === 'json') yield JSON.stringify(report);
  else yield [transparencyColumns, ...transparencyLines(report)].map((cells) => csvLine(cells)).join('');
}

export const transparencyRoutes = [read];
