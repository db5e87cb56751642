import { Readable } from 'node:stream';
import { z } from 'zod';

const types = {
  json: 'application/json',
  csv: 'text/csv; charset=utf-8',
  ndjson: 'application/x-ndjson; charset=utf-8',
} as const;
export type FileFormat = keyof typeof types;

/** Which of the two a person wants a file as. */
export const fileQuery = z.object({
  format: z
    .enum(['json', 'csv'])
    .default('json')
    .meta({ description: 'In CSV, cells that a spreadsheet would run as a formula start with a `’`.' }),
});

/** The answer as the documentation tells of it. */
export const fileResponse = {
  contentType: ['application/json', 'text/csv'],
  description: 'The file, by `format`.',
} as const;

/** A file to be kept, streamed as its text is made; `name` without its ending. */
export const fileAnswer = (format: FileFormat, name: string, text: AsyncIterable<string>) => ({
  status: 200 as const,
  body: Readable.from(text),
  headers: { 'Content-Type': types[format], 'Content-Disposition': `attachment; filename="${name}.${format}"` },
});
