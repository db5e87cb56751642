import { createCredentialStore } from '../../adapters/postgres/credentials';
import type { Plan } from '../../adapters/postgres/entities';
import { spotifyScopes } from '../../adapters/providers/spotify/oauth';
import { createVault } from '../../adapters/vault/vault';
import { spotifyTokens } from '../../dev/connected-account/spotify-consent';
import type { SandboxLibrary, SandboxTrack } from './sandbox-admin';
import { type SmallLibrary, smallLibrary } from './small-library';
import { smallPlan } from './small-plan';
import { type Person, startSystem, type System } from './system';

export interface ActionRow {
  id: string;
  uri: string;
  item_type: string;
  playlist_id: string | null;
  status: string;
  outcome_code: string | null;
}

export interface Stage {
  system: System;
  person: Person;
  user: string;
  /** Gives the person a small library of its own, read, with a plan to take one artist out. Faults and gates are reset. */
  scene(change?: (small: SmallLibrary) => SmallLibrary): Promise<{ small: SmallLibrary; plan: Plan }>;
  /** Another plan to take the artist out. */
  plan(): Promise<Plan>;
  /** Runs the plan to its end. */
  enforce(plan: Plan): Promise<{ runId: string; jobId: string }>;
  /** Undoes a run to its end. */
  undo(runId: string): Promise<{ runId: string; jobId: string }>;
  /** Lets the time pass that a run waits for: by its timer, and at the gate. */
  hoursLater(runId: string, seconds: number): Promise<void>;
  /** A new consent for the same connection. */
  reconnect(): Promise<void>;
  library(): Promise<SandboxLibrary>;
  actions(runId: string): Promise<ActionRow[]>;
  /** Waits until a query has a row, and gives it. */
  until<Row>(sql: string, values: unknown[]): Promise<Row>;
  /** Calls that the sandbox has counted: by method and route, whatever their answer. */
  countCalls(method: string, route: string): Promise<number>;
  catalog: readonly SandboxTrack[];
}

/** One person in a system of their own, for stories in which something goes wrong. */
export async function openStage(system?: System, user = 'listener'): Promise<Stage> {
  const own = system ?? (await startSystem());
  if (!system) await own.startWorkers();
  const person = await own.connect(user);
  const catalog = await own.admin.tracks(5000);
  const ended = async (started: { runId: string; jobId: string }) => {
    await own.jobEnd(started.jobId);
    return started;
  };
  let scenes = 0;
  return {
    system: own,
    person,
    user,
    catalog,
    async scene(change = (small) => small) {
      scenes += 1;
      await own.admin.clearFaults();
      await own.orm.em.fork().execute(`delete from provider_gates`);
      await own.orm.em.fork().execute(`delete from spotify_app_findings`);
      const small = change(smallLibrary(user, catalog, `-${scenes}`));
      await own.admin.setLibrary(user, small.library);
      await person.sync();
      await person.block(small.blockedArtistId);
      const plan = await smallPlan(own, person);
      await own.admin.forgetCalls();
      return { small, plan };
    },
    plan: () => smallPlan(own, person),
    enforce: async (plan) => ended(await person.execute(plan.id)),
    undo: async (runId) => ended(await person.rollback(runId)),
    hoursLater: (runId, seconds) => skipTime(own, runId, seconds),
    async reconnect() {
      const tokens = await spotifyTokens(own.sandbox.url, user, spotifyScopes);
      await own.orm.em.fork().transactional(async (tx) => {
        await createCredentialStore(own.orm, createVault(own.config.VAULT_KEYS)).save(
          tx,
          { id: person.connectionId, type: 'connection', provider: 'spotify' },
          { accessToken: tokens.accessToken, refreshToken: tokens.refreshToken, expiresInSeconds: 3600 },
        );
        await tx.execute(`update connections set health = 'healthy', health_code = null where id = ?`, [
          person.connectionId,
        ]);
      });
    },
    library: () => own.admin.library(user),
    actions: (runId) =>
      own.orm.em
        .fork()
        .execute<ActionRow[]>(
          `select id, uri, item_type, playlist_id, status, outcome_code from actions where run_id = ? order by seq`,
          [runId],
        ),
    async until<Row>(sql: string, values: unknown[]) {
      for (;;) {
        const rows = await own.orm.em.fork().execute<Row[]>(sql, values);
        if (rows[0]) return rows[0];
        await new Promise((resolve) => setTimeout(resolve, 25));
      }
    },
    async countCalls(method, route) {
      const calls = (await own.admin.calls()).filter((call) => call.method === method && call.route === route);
      return calls.reduce((sum, call) => sum + call.count, 0);
    },
  };
}

/** The timers of the run's workflow are over when nothing else is under way, and the gate's end is as much nearer. */
export async function skipTime({ orm, client, config }: System, runId: string, seconds: number): Promise<void> {
  await orm.em
    .fork()
    .execute(`update provider_gates set closed_until = closed_until - make_interval(secs => ?)`, [seconds]);
  await client.workflowService.updateWorkflowExecutionOptions({
    namespace: config.TEMPORAL_NAMESPACE,
    workflowExecution: { workflowId: `run:${runId}` },
    workflowExecutionOptions: { timeSkippingConfig: { enabled: true } },
    updateMask: { paths: ['time_skipping_config'] },
  });
}
