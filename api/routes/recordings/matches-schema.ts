import { z } from 'zod';
import { matchMeans, recordingDoubts } from '../../../domain/linkage/sourced-recordings';
import { matchBands, matchStates } from '../../../domain/recording-matches';
import { pageQuery } from '../../paging';
import { moment } from '../auth/schema';

const matchSideSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(['track', 'recording']).meta({ description: 'Listed by a provider, or described by an import.' }),
    source: z.string(),
    title: z.string(),
    performers: z.array(z.object({ artistId: z.uuid().nullable(), name: z.string() })),
    albums: z.array(z.object({ name: z.string(), year: z.int().nullable() })),
    seconds: z.number().nullable(),
    isrcs: z.array(z.string()),
    addresses: z.array(z.string()),
  })
  .meta({ id: 'MatchSide', description: 'What one source says of a recording.' });

export const recordingMatchSchema = z
  .object({
    id: z.uuid(),
    state: z.enum(matchStates).meta({
      description: '`pending`: waits for a person; `accepted`: the two are one recording; `rejected`: they are two.',
    }),
    band: z.enum(matchBands).meta({ description: '`accept` is in effect unasked, `review` asks a person.' }),
    means: z
      .enum(matchMeans)
      .meta({ description: 'What they were found by; `linkage`: by everything that is written about them.' }),
    score: z.number().min(0).max(1),
    doubts: z.array(z.enum(recordingDoubts)).meta({
      description:
        'What keeps them from being taken for one unasked: a number, a version or words that one title has and the other has not; lengths far apart or unknown; artists; different ISRCs.',
    }),
    evidence: z
      .array(z.object({ subject: z.string(), odds: z.number() }))
      .meta({ description: 'What was compared, and the log odds that it adds: positive for one and the same.' }),
    inEffect: z.boolean().meta({
      description:
        'Whether the credits of one count for the other now. Who shares an ISRC or an address is one until a person says otherwise.',
    }),
    recordings: z.array(matchSideSchema),
    proposedAt: moment,
    decidedAt: moment.nullable().meta({ description: 'When a person decided; the machine then leaves it alone.' }),
  })
  .meta({ id: 'RecordingMatch' });

export const recordingMatchesQuery = pageQuery.extend({
  state: z.enum(matchStates).optional(),
  means: z.enum(matchMeans).optional(),
  of: z.uuid().optional().meta({ description: 'A track, or an imported recording.' }),
});
