import { z } from 'zod';
import { capabilityMatrix, itemTypes, providers } from '../../../domain/capabilities';
import { spotifyDialects } from '../../../domain/reversibility';
import { defineRoute } from '../../route';

/** One row of what can be done where. */
export const capabilitySchema = z
  .object({
    provider: z.enum(providers),
    dialect: z
      .enum(spotifyDialects)
      .nullable()
      .meta({ description: 'Of the Spotify app: `development` or `extended` quota.' }),
    itemType: z.enum(itemTypes),
    canRead: z.boolean(),
    canRemove: z.boolean().meta({ description: 'Whether a run can act on it.' }),
    canRestore: z.boolean().meta({ description: 'Whether a rollback can take that back.' }),
    exact: z.boolean().meta({ description: 'And whether nothing is lost then.' }),
    canRestoreFromFile: z.boolean().meta({
      description: 'Whether a plan can put it back from a backup of the library, and a rollback take it out again.',
    }),
    note: z.string(),
  })
  .meta({ id: 'Capability' });

const read = defineRoute({
  method: 'get',
  path: '/enforcement/capabilities',
  summary: 'What can be done where, and what can be taken back',
  description: 'For Spotify once for apps in development mode and once for those with extended quota.',
  tags: ['Enforcement'],
  permission: 'anyone',
  responses: { 200: z.object({ items: z.array(capabilitySchema) }) },
  handler: async () => ({ status: 200, body: { items: capabilityMatrix() } }),
});

export const capabilityRoutes = [read];
