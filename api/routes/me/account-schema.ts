import { z } from 'zod';

/** What has to be typed, whatever its case and the space around it. */
export const eraseWords = 'erase my account';

export const eraseAccountSchema = z
  .object({
    confirmation: z
      .string()
      .max(200)
      .optional()
      .meta({ description: `\`${eraseWords}\`; without it the answer says what would be lost.` }),
  })
  .meta({ id: 'EraseAccount' });

export const startedErasureSchema = z.object({ jobId: z.uuid() }).meta({
  id: 'StartedErasure',
  description:
    'Watch it at `GET jobs/{jobId}`, where `Location` points. It ends with every session and token of the account, so the end shows as a `401`: from then on nothing is left.',
});
