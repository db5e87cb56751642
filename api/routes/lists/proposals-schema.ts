import { z } from 'zod';
import { mostProposed, proposalStates } from '../../../domain/list-proposals';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';
import { basedOnSchema, listedArtistSchema, noteSchema } from './schema';

export const proposalSchema = z
  .object({
    id: z.uuid(),
    listId: z.uuid(),
    state: z.enum(proposalStates),
    own: z.boolean().meta({ description: 'Whether it is yours.' }),
    note: z.string().nullable(),
    additions: z.array(z.object({ artistId: z.uuid(), artistName: z.string(), reason: z.string().nullable() })),
    removals: z.array(z.object({ artistId: z.uuid(), artistName: z.string() })),
    versionNumber: z.int().nullable().meta({ description: 'The version that it became.' }),
    createdAt: moment,
    decidedAt: moment.nullable(),
  })
  .meta({ id: 'ListProposal' });

export const proposeSchema = z
  .strictObject({
    additions: z
      .array(listedArtistSchema)
      .max(mostProposed)
      .default([])
      .meta({ description: 'Who is on it already gets the reason that is given here.' }),
    removals: z.array(z.uuid()).max(mostProposed).default([]).meta({ description: 'Ids of artists.' }),
    note: noteSchema,
  })
  .refine(({ additions, removals }) => additions.length + removals.length > 0, 'Nothing is proposed')
  .meta({ id: 'ProposeListChange' });

export const proposalsQuery = pageQuery.extend({ state: z.enum(proposalStates).optional() });
export const proposalParams = z.object({ id: z.uuid(), proposalId: z.uuid() });
export const approveSchema = z.strictObject({ basedOn: basedOnSchema }).meta({ id: 'ApproveListProposal' });
