import { z } from 'zod';
import type { StyleModelSettings } from '../../domain/style/style-model';

/** Word vectors as `name:dimensions:path`; without it the model that is built in. */
export const styleModel = z
  .string()
  .transform((text, context): StyleModelSettings => {
    const [, name, digits, path] = /^([a-z0-9][a-z0-9._-]{0,39}):(\d{1,4}):(.+)$/u.exec(text) ?? [];
    const dimensions = Number(digits);
    if (name !== undefined && path !== undefined && dimensions >= 2 && dimensions <= 2_000)
      return { name, dimensions, path };
    context.addIssue({ code: 'custom', message: 'must be name:dimensions:path, with 2 to 2,000 dimensions' });
    return z.NEVER;
  })
  .optional()
  .describe(
    'Word vectors for similar artists, name:dimensions:path of a text file as GloVe, word2vec or fastText write it; by default places of genres are made from the catalog. Another name makes all vectors anew.',
  );
