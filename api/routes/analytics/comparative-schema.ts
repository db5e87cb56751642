import { z } from 'zod';
import { comparedGroups, comparedMetrics } from '../../../domain/privacy/comparison';
import { suppressionReasons } from '../../../domain/privacy/suppression';
import { moment } from '../auth/schema';

const count = z.number().int().nonnegative();
const epsilon = z.number().nonnegative();
const percent = z.number().int().min(0).max(100);

const comparedMetricSchema = z.object({
  metric: z.enum(comparedMetrics),
  average: z
    .number()
    .nonnegative()
    .meta({ description: 'Each class counts by its middle, the last one by its limit.' }),
  percentile: percent.meta({
    description: 'Where your own number stands: the percentage of people in lower classes, and half of those in yours.',
  }),
  percentileMargin: percent.meta({ description: 'How far the noise alone may put it wrong, 19 times out of 20.' }),
  classes: z.array(z.object({ from: count, to: count.nullable(), share: z.number().min(0).max(1) })),
});

const comparedGroupSchema = z
  .object({
    group: z.enum(['all', ...comparedGroups]),
    suppressed: z
      .object({ reason: z.enum(suppressionReasons) })
      .nullable()
      .meta({
        description:
          '`too_few_people`, by the noised counts; `complementary`, since another group that is suppressed could be worked out from it.',
      }),
    people: z.number().int().nullable().meta({ description: 'With noise.' }),
    peopleMargin: count.nullable(),
    metrics: z.array(comparedMetricSchema).nullable(),
  })
  .meta({ id: 'ComparedGroup' });

export const comparativeSchema = z
  .object({
    release: z
      .object({
        day: z.iso.date().meta({ description: 'The figures are those of the end of this day (UTC).' }),
        madeAt: moment,
        mechanism: z.string(),
        epsilon,
        delta: z.literal(0),
        protects: z.literal('one_persons_whole_presence'),
        threshold: count,
      })
      .nullable(),
    emptyReason: z.enum(['no_release_yet']).nullable(),
    budget: z
      .object({
        spent: epsilon,
        cap: epsilon.meta({ description: 'Of all releases together, for good.' }),
        exhausted: z.boolean().meta({ description: 'Nothing more is released; the last release stays.' }),
        nextDay: z.iso.date().nullable().meta({ description: 'The first day that may be released next.' }),
      })
      .meta({ id: 'PrivacyBudget' }),
    you: z
      .object({ group: z.enum(comparedGroups).nullable(), blocks: z.number().int(), itemsKeptOut: z.number().int() })
      .meta({ description: 'Your own numbers, exact and as they are now. Nobody else sees them.' }),
    groups: z.array(comparedGroupSchema),
  })
  .meta({ id: 'ComparativeAnalytics' });
