import type { z } from 'zod';
import { comparisonSettings } from '../../../adapters/environment/comparison-settings';
import { ownNumbers } from '../../../adapters/postgres/compared-people';
import { lastRelease, privacySpent, type Release } from '../../../adapters/postgres/comparative-releases';
import { comparativeAnalyticsEnabled } from '../../../adapters/postgres/operator-switches';
import { DomainError } from '../../../domain/errors';
import { affords, nextReleaseDay } from '../../../domain/privacy/budget';
import type { ReleasedGroup } from '../../../domain/privacy/comparative-release';
import { classRange, comparedGroups, comparedMetrics } from '../../../domain/privacy/comparison';
import { averageOf, marginsOf, percentileOf } from '../../../domain/privacy/standing';
import { defineRoute } from '../../route';
import { comparativeSchema } from './comparative-schema';

type Own = Awaited<ReturnType<typeof ownNumbers>>;

export const comparativeRoute = defineRoute({
  method: 'get',
  path: '/analytics/comparative',
  summary: 'How your numbers compare with those of others',
  description:
    'Others are only ever spoken of with noise (differential privacy), as they were at the end of a closed day, and the same to everybody until the next release; docs/analytics-privacy.md has the mechanism. `404 comparative_analytics_disabled` where it is switched off.',
  tags: ['Analytics'],
  permission: 'user',
  responses: { 200: comparativeSchema },
  handler: async ({ user, em, deps }) => {
    if (!(await comparativeAnalyticsEnabled(em))) throw new DomainError('comparative_analytics_disabled');
    const { epsilonMilli, capMilli, everyDays } = comparisonSettings(deps.config);
    const release = await lastRelease(em);
    const { spentMilli, lastDay } = await privacySpent(em);
    const own = await ownNumbers(em, user.userId);
    const exhausted = !affords({ spentMilli, capMilli }, epsilonMilli);
    const body = {
      release: release && presentRelease(release),
      emptyReason: release ? null : ('no_release_yet' as const),
      budget: {
        spent: spentMilli / 1_000,
        cap: capMilli / 1_000,
        exhausted,
        nextDay: exhausted || lastDay === null ? null : nextReleaseDay(lastDay, everyDays),
      },
      you: { group: own.group, blocks: own.blocks, itemsKeptOut: own.items_kept_out },
      groups: release ? release.groups.map((group) => presentGroup(group, release, own)) : [],
    };
    return { status: 200, body };
  },
});

const presentRelease = ({ day, madeAt, mechanism, epsilonMilli, threshold }: Release) => ({
  day,
  madeAt: new Date(madeAt).toISOString(),
  mechanism,
  epsilon: epsilonMilli / 1_000,
  delta: 0 as const,
  protects: 'one_persons_whole_presence' as const,
  threshold,
});

function presentGroup(
  { group, suppressed, people, shares }: ReleasedGroup,
  { epsilonMilli }: Release,
  own: Own,
): z.input<typeof comparativeSchema>['groups'][number] {
  if (suppressed !== null)
    return { group, suppressed: { reason: suppressed }, people: null, peopleMargin: null, metrics: null };
  const groups = group === 'all' ? comparedGroups.length : 1;
  const margins = marginsOf(epsilonMilli, { people, classes: shares.blocks.length, groups });
  const metrics = comparedMetrics.map((metric) => ({
    metric,
    average: averageOf(metric, shares[metric]),
    percentile: percentileOf(metric, shares[metric], own[metric]),
    percentileMargin: margins.percent,
    classes: shares[metric].map((share, place) => ({ ...classRange(metric, place), share: share / 1_000 })),
  }));
  return { group, suppressed: null, people, peopleMargin: margins.people, metrics };
}
