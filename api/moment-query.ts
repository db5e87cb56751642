import { z } from 'zod';

/** A moment that PostgreSQL has as well. */
export const momentParameter = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text).toISOString())
  .refine((text) => text >= '1970', { message: 'must be between 1970 and 9999' });

/** `?from&to`, moments: the first counts, the last doesn't. */
export const momentQuery = {
  from: momentParameter.optional().meta({ description: 'Not before this moment.' }),
  to: momentParameter.optional().meta({ description: 'Before this moment.' }),
};
