import { z } from 'zod';

export const disconnectQuery = z.object({
  confirm: z
    .enum(['true', 'false'])
    .optional()
    .meta({ description: 'The same as in the body, for clients that send none with a DELETE.' }),
});

export const disconnectBody = z
  .object({
    confirm: z
      .boolean()
      .optional()
      .meta({ description: 'Needed where runs could still be undone; without it the answer says how much.' }),
  })
  .meta({ id: 'Disconnect' });

export const startedDisconnectSchema = z
  .object({
    jobId: z.uuid(),
    revokedAtProvider: z
      .union([z.boolean(), z.literal('unsupported')])
      .meta({ description: '`unsupported`: the provider has no call for it; our copy of the tokens is gone.' }),
    howByHand: z.string().meta({ description: 'How you end our access at the provider yourself.' }),
    revokeByHand: z.url().optional().meta({ description: 'Where that is, if there is a page for it.' }),
  })
  .meta({
    id: 'StartedDisconnect',
    description: 'Watch it at `GET jobs/{jobId}`, where `Location` points. The connection is not shown any more.',
  });
