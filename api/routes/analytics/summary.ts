import { z } from 'zod';
import { followedListNames, nextScheduled, readKeptOut } from '../../../adapters/postgres/analytics-summary';
import { databaseNow } from '../../../adapters/postgres/clock';
import { listConnections } from '../../../adapters/postgres/connection-reads';
import { loadEffectiveDecisions } from '../../../adapters/postgres/effective-blocks';
import { oneMoment } from '../../../adapters/postgres/orm';
import { listRuns } from '../../../adapters/postgres/run-reads';
import { providers } from '../../../domain/capabilities';
import { artistsBySource } from '../../../domain/effective-blocks';
import { runStatuses, runTypes } from '../../../domain/runs';
import { scheduleModes } from '../../../domain/unattended';
import { connectionHref, listHref, runHref } from '../../../domain/hrefs';
import { defineRoute } from '../../route';
import { moment } from '../auth/schema';
import { healthAction } from '../../../domain/health-action';
import { presentRun } from '../enforcement/run-presenters';
import { runSchema } from '../enforcement/run-schema';

const count = z.int().nonnegative();

const summarySchema = z
  .object({
    asOf: moment,
    blocked: z.object({
      artists: count.meta({ description: 'Who is kept out, each once, whatever speaks against them.' }),
      contested: count.meta({
        description: 'Whom nothing but an offense under appeal speaks against: for your review.',
      }),
      tracks: count,
      sources: z.object({
        own: count.meta({ description: 'Of those, whom you block yourself.' }),
        lists: z.array(z.object({ listId: z.uuid(), name: z.string().nullable(), artists: count, href: z.string() })),
        categories: z.array(z.object({ category: z.string(), artists: count })),
      }),
    }),
    keptOut: z.object({
      items: count.meta({
        description: 'What runs took out or rated down and nobody brought back; at several places, at each.',
      }),
      seconds: count.meta({
        description:
          'Playing time of those whose length is known, by what the provider says of the tracks; of albums that of their known tracks.',
      }),
      hours: z.number().nonnegative(),
      unknownItems: count.meta({
        description: 'Tracks and albums whose playing time nobody told: the time is at least what is said.',
      }),
    }),
    lastRun: z
      .object({
        id: z.uuid(),
        connectionId: z.uuid(),
        runType: z.enum(runTypes),
        status: z.enum(runStatuses),
        undone: runSchema.shape.undone,
        counts: runSchema.shape.counts,
        createdAt: moment,
        finishedAt: moment.nullable(),
        href: z.string(),
      })
      .nullable(),
    nextScheduled: z
      .object({
        connectionId: z.uuid(),
        at: moment.meta({
          description: 'One that is past has waited: for a run’s end, or for the connection’s renewal.',
        }),
        mode: z.enum(scheduleModes),
        href: z.string(),
      })
      .nullable(),
    connections: z.object({
      total: count,
      attention: z.array(
        z.object({
          connectionId: z.uuid(),
          provider: z.enum(providers),
          health: z.string(),
          healthCode: z.string().nullable(),
          action: z
            .object({ code: z.string(), href: z.string() })
            .nullable()
            .meta({ description: 'Where you do something about it; null where there is nothing to do but wait.' }),
        }),
      ),
    }),
  })
  .meta({ id: 'AnalyticsSummary' });

/** More connections than anybody has. */
const mostConnections = 1_000;

export const summaryRoute = defineRoute({
  method: 'get',
  path: '/analytics/summary',
  summary: 'Where you stand',
  description: 'Whom you keep out and why, what that keeps out, what was done last and comes next, and what needs you.',
  tags: ['Analytics'],
  permission: 'signed_in',
  responses: { 200: summarySchema },
  handler: async ({ user: { userId }, em }) => {
    const found = await oneMoment(em, async (tx) => {
      const now = await databaseNow(tx);
      return {
        now,
        decisions: await loadEffectiveDecisions(tx, userId, now),
        listNames: await followedListNames(tx, userId),
        keptOut: await readKeptOut(tx, userId),
        runs: await listRuns(tx, { userId, connectionId: null, runType: null, limit: 1, after: null }),
        next: await nextScheduled(tx, userId),
        connections: await listConnections(tx, { userId, limit: mostConnections, after: null }),
      };
    });
    const { own, lists, categories } = artistsBySource(found.decisions.artists);
    const firm = found.decisions.artists.filter(({ contested }) => !contested).length;
    const [run] = found.runs.map(presentRun);
    const { seconds } = found.keptOut;
    const body = {
      asOf: found.now.toISOString(),
      blocked: {
        artists: firm,
        contested: found.decisions.artists.length - firm,
        tracks: found.decisions.tracks.length,
        sources: {
          own,
          lists: lists.map(({ listId, artists }) => ({
            listId,
            name: found.listNames.get(listId) ?? null,
            artists,
            href: listHref(listId),
          })),
          categories,
        },
      },
      keptOut: { ...found.keptOut, hours: Math.round(seconds / 36) / 100 },
      lastRun: run
        ? {
            id: run.id,
            connectionId: run.connectionId,
            runType: run.runType,
            status: run.status,
            undone: run.undone,
            counts: run.counts,
            createdAt: run.createdAt,
            finishedAt: run.finishedAt,
            href: runHref(run.id),
          }
        : null,
      nextScheduled: found.next && {
        connectionId: found.next.connectionId,
        at: found.next.at.toISOString(),
        mode: found.next.mode,
        href: `${connectionHref(found.next.connectionId)}/schedule`,
      },
      connections: {
        total: found.connections.length,
        attention: found.connections
          .filter(({ health }) => health !== 'healthy')
          .map((connection) => ({
            connectionId: connection.id,
            provider: connection.provider as (typeof providers)[number],
            health: connection.health,
            healthCode: connection.healthCode,
            action: healthAction(connection),
          })),
      },
    };
    return { status: 200, body };
  },
});
