import { z } from 'zod';
import { type Cell, csvLine, listCell } from '../../../domain/csv';
import { flatFigures } from '../../../domain/flat-figures';
import { jsonArray, jsonObject } from '../../../domain/json-text';
import { fileAnswer } from '../../file-answer';
import { requireAlso } from '../../middleware/authorize';
import { checkAnswer } from '../../response-check';
import { defineRoute, type RawInput } from '../../route';
import { validInput } from '../../valid-input';
import { type AnalyticsView, viewNames, viewOf } from './views';

const formats = ['csv', 'json', 'ndjson'] as const;
type Format = (typeof formats)[number];

const exportQuery = z.looseObject({
  view: z.enum(viewNames).meta({ description: 'Beside it, whatever the view itself takes.' }),
  format: z.enum(formats).default('csv').meta({
    description:
      'In CSV, cells that a spreadsheet would run as a formula start with a `’`, and several texts in one are separated by `; `. NDJSON has a line for each row. Where a view is no table, both have one for each value, under its place.',
  }),
});

/** What a view tells: all of its body, or all but its rows, which come in batches. */
interface Told {
  head: Record<string, unknown>;
  rows: AsyncIterable<readonly object[]> | Iterable<readonly object[]> | null;
}

const download = defineRoute({
  method: 'get',
  path: '/analytics/export',
  summary: 'A view of analytics as a file',
  description:
    'What `GET analytics/{view}` says, with the same filters, for whoever may ask that; of a view in pages all of them. JSON is that answer as it is.',
  tags: ['Analytics'],
  permission: 'signed_in',
  query: exportQuery,
  responses: {
    200: {
      contentType: ['text/csv', 'application/json', 'application/x-ndjson'],
      description: 'The file, by `format`.',
    },
  },
  handler: async ({ user, query: { view: name, format, ...asked }, em, ctx, deps }) => {
    const view = viewOf(name);
    await requireAlso(ctx, deps, view.route);
    const query = validInput('query', view.route.query, asked);
    const told = await tell(view, { params: undefined, query, body: undefined, user, em, ctx, deps }, user.userId);
    const fileName = ['do-not-play', name, ...nameParts(told.head), new Date().toISOString().slice(0, 10)].join('-');
    return fileAnswer(format, fileName, textOf(told, view, format));
  },
});

async function tell({ route, table, all }: AnalyticsView, input: RawInput, userId: string): Promise<Told> {
  // As one page that holds everything.
  if (all) return { head: { nextCursor: null }, rows: all({ ...input, userId }) as AsyncIterable<readonly object[]> };
  const answer = await route.handler(input);
  if (input.deps.config.NODE_ENV === 'test') checkAnswer(route, answer);
  const body = answer.body as Record<string, unknown>;
  if (!table) return { head: body, rows: null };
  const { [table.field]: rows, ...head } = body;
  return { head, rows: [rows as object[]] };
}

/** What a series is of, for its file's name: values that are one word each. */
const nameParts = ({ metric, granularity }: Record<string, unknown>): string[] =>
  [metric, granularity].filter((part) => typeof part === 'string');

async function* textOf({ head, rows }: Told, { table }: AnalyticsView, format: Format): AsyncGenerator<string> {
  if (format === 'json') yield* jsonText(head, rows, table?.field);
  else if (!rows || !table) {
    const figures = flatFigures(head);
    if (format === 'csv') yield csvLine(['figure', 'value']);
    yield figures.map((one) => (format === 'csv' ? csvLine([one.figure, one.value]) : ndjsonLine(one))).join('');
  } else {
    const columns = Object.keys(table.row.shape);
    if (format === 'csv') yield csvLine(columns);
    for await (const batch of rows)
      yield batch.map((row) => (format === 'csv' ? csvLine(cellsOf(row, columns)) : ndjsonLine(row))).join('');
  }
}

const jsonText = (head: object, rows: Told['rows'], field: string | undefined) =>
  jsonObject({ ...head }, rows && field !== undefined ? { [field]: () => jsonArray(rows) } : {});

const ndjsonLine = (row: object): string => `${JSON.stringify(row)}\n`;

const cellsOf = (row: object, columns: readonly string[]): Cell[] =>
  columns.map((column) => cellOf((row as Record<string, unknown>)[column]));

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  const texts = z.array(z.string()).safeParse(value);
  return texts.success ? listCell(texts.data) : JSON.stringify(value);
}

export const analyticsRoutes = [...viewNames.map((name) => viewOf(name).route), download];
