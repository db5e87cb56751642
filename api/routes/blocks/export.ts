import { blocksCsv, filedBlocks } from '../../../adapters/postgres/blocks-file';
import { blockFileFormat } from '../../../domain/block-file';
import { jsonArray, jsonObject } from '../../../domain/json-text';
import { fileAnswer, fileQuery, fileResponse } from '../../file-answer';
import { defineRoute } from '../../route';

const download = defineRoute({
  method: 'get',
  path: '/blocks/export',
  summary: 'Your blocks as a file',
  description:
    'Every artist that you keep out yourself, expired blocks included: names, ids here and at providers, note, tags, end and what comes of it. In CSV, several ids or tags are separated by `; `, with a `\\` before a `;` of their own. `POST blocks/import` makes the same list of it.',
  tags: ['Blocks'],
  permission: 'signed_in',
  query: fileQuery,
  responses: { 200: fileResponse },
  handler: ({ user, query, em }) => {
    const exportedAt = new Date().toISOString();
    const text =
      query.format === 'csv'
        ? blocksCsv(em, user.userId)
        : jsonObject({ ...blockFileFormat, exportedAt }, { blocks: () => jsonArray(filedBlocks(em, user.userId)) });
    return Promise.resolve(fileAnswer(query.format, `do-not-play-blocks-${exportedAt.slice(0, 10)}`, text));
  },
});

export const blockExportRoutes = [download];
