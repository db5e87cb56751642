import type { z } from 'zod';
import type { RawInput, Route } from '../../route';
import { actionsRoute, allActions, journalLineSchema } from './actions';
import { comparativeRoute } from './comparative';
import { oauthRoute } from './oauth';
import { summaryRoute } from './summary';
import { systemEnforcementRoute } from './system-enforcement';
import { systemModerationRoute } from './system-moderation';
import { systemOverviewRoute } from './system-overview';
import { systemProvidersRoute } from './system-providers';
import { timeSeriesRoute } from './time-series';
import { pointSchema } from './time-series-schema';

/** A view of analytics, declared once by its route: its file says what its endpoint says, to whoever may ask that. */
export interface AnalyticsView {
  route: Route;
  /**
   * Where its answer is a table: the field that holds the rows, and what a row is. All other views become a line for each value, under where
   * it stands.
   */
  table?: { field: string; row: z.ZodObject };
  /** Of one that is told in pages: all rows, as they come. */
  all?: (input: RawInput & { userId: string }) => AsyncIterable<readonly unknown[]>;
}

export const analyticsViews = {
  summary: { route: summaryRoute },
  'time-series': { route: timeSeriesRoute, table: { field: 'points', row: pointSchema } },
  actions: {
    route: actionsRoute,
    table: { field: 'items', row: journalLineSchema },
    all: ({ em, userId, query }) => allActions(em, userId, query),
  },
  comparative: { route: comparativeRoute },
  'system-oauth': { route: oauthRoute },
  'system-overview': { route: systemOverviewRoute },
  'system-providers': { route: systemProvidersRoute },
  'system-enforcement': { route: systemEnforcementRoute },
  'system-moderation': { route: systemModerationRoute },
} as const satisfies Record<string, AnalyticsView>;

export type ViewName = keyof typeof analyticsViews;
export const viewNames = Object.keys(analyticsViews) as [ViewName, ...ViewName[]];
export const viewOf = (name: ViewName): AnalyticsView => analyticsViews[name];
