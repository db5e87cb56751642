import { rememberArtists, rememberTracks } from '../../../adapters/postgres/catalog';
import { newId } from '../../../adapters/postgres/ids';
import { storeContent } from '../../../adapters/postgres/library-content';
import { openGeneration, publishGeneration, storeParts } from '../../../adapters/postgres/library-generations';
import type { EntityManager, MikroORM } from '../../../adapters/postgres/orm';
import { acquireSyncLease, releaseSyncLease } from '../../../adapters/postgres/sync-lease';
import type { Dispatcher } from '../../../adapters/temporal/dispatch';
import type { BlockSource } from '../../../domain/blocks';
import { nameKey } from '../../../domain/name-keys';
import { foldName } from '../../../domain/names';
import type { ActionStatus } from '../../../domain/runs';

/** Takes note of what would be started, and starts nothing. */
export function fakeDispatcher(): Dispatcher & { started: string[] } {
  const started: string[] = [];
  const take = (outboxId: string) => Promise.resolve(void started.push(outboxId));
  return { started, start: take, tryStart: take };
}

/** Rows as the workflows would have left them, put in directly. */
export class Rows {
  readonly em: EntityManager;
  constructor(orm: MikroORM) {
    this.em = orm.em.fork();
  }

  async connection(userId: string, fields: { health?: string; name?: string } = {}): Promise<string> {
    const id = newId();
    await this.em.execute(
      `insert into connections (id, user_id, provider, account_id, account_user_id, account_name, client_id, quota, health)
       values (?, ?, 'spotify', ?, 'me', ?, 'client', 'spotify-default', ?)`,
      [id, userId, `account-${id}`, fields.name ?? 'Listener', fields.health ?? 'healthy'],
    );
    return id;
  }

  async artist(name: string, spotifyId: string | null = null): Promise<string> {
    if (spotifyId !== null) {
      const ids = await rememberArtists(this.em, 'spotify', [{ providerId: spotifyId, name }]);
      return ids.get(spotifyId)!;
    }
    const id = newId();
    await this.em.execute(`insert into artists (id, name, folded_name, name_key) values (?, ?, ?, ?)`, [
      id,
      name,
      foldName(name),
      nameKey(name),
    ]);
    return id;
  }

  /** Publishes a library of tracks (each by one artist), likes first, then playlists by name. */
  async library(
    connectionId: string,
    library: {
      tracks: { id: string; name: string; artistId: string; artist: string }[];
      likes: string[];
      playlists: { id: string; name: string; ownerId: string; tracks: (string | null)[]; readable?: boolean }[];
    },
  ): Promise<void> {
    const { em } = this;
    await rememberTracks(
      em,
      'spotify',
      library.tracks.map(({ id, name, artistId, artist }) => ({
        uri: `spotify:track:${id}`,
        name,
        durationMs: null,
        isrc: null,
        artists: [{ providerId: artistId, name: artist }],
        album: null,
      })),
    );
    const jobId = newId();
    await acquireSyncLease(em, connectionId, jobId);
    const generation = await openGeneration(em, connectionId, jobId);
    const uri = (id: string | null) => (id === null ? null : `spotify:track:${id}`);
    const likes = library.likes.map((id) => [uri(id), '2020-01-01T00:00:00Z']);
    const part = { name: null, ownerId: null, collaborative: false, snapshotId: null };
    const parts = [
      {
        ...part,
        kind: 'likes' as const,
        providerId: '',
        position: 0,
        contentId: await storeContent(em, connectionId, 'likes', likes),
        length: likes.length,
      },
    ];
    const playlists = await Promise.all(
      library.playlists.map(async ({ id, name, ownerId, tracks, readable = true }, position) => ({
        ...part,
        kind: 'playlist' as const,
        providerId: id,
        position,
        name,
        ownerId,
        contentId: readable
          ? await storeContent(
              this.em,
              connectionId,
              'playlist',
              tracks.map((track) => [uri(track), null, 'me']),
            )
          : null,
        length: tracks.length,
      })),
    );
    await storeParts(em, generation.id, [...parts, ...playlists]);
    await publishGeneration(em, connectionId, generation.id);
    await releaseSyncLease(em, connectionId, jobId);
  }

  async job(
    userId: string,
    fields: {
      type?: string;
      status?: string;
      subjectType?: string;
      subjectId?: string | null;
      failureCode?: string | null;
      done?: number;
      total?: number;
    } = {},
  ): Promise<string> {
    const id = newId();
    const { type = 'library_sync', status = 'queued', subjectType = 'connection', subjectId = newId() } = fields;
    const ended = ['completed', 'failed', 'cancelled'].includes(status);
    await this.em.execute(
      `insert into jobs (id, user_id, type, subject_type, subject_id, provider, workflow_id, status, failure_code, done, total, started_at, finished_at)
       values (?, ?, ?, ?, ?, 'spotify', ?, ?, ?, ?, ?, now() - interval '10 seconds', ${ended ? 'now()' : 'null'})`,
      [
        id,
        userId,
        type,
        subjectType,
        subjectId,
        `${type}:${id}`,
        status,
        fields.failureCode ?? null,
        fields.done ?? 0,
        fields.total ?? 0,
      ],
    );
    return id;
  }

  async plan(
    userId: string,
    connectionId: string,
    fields: { status?: string; expired?: boolean; jobId?: string; failureCode?: string } = {},
  ): Promise<string> {
    const id = newId();
    const { status = 'ready' } = fields;
    const made = status !== 'preparing' && status !== 'failed';
    const jobId = fields.jobId ?? (await this.job(userId, { type: 'plan', subjectType: 'plan', subjectId: id }));
    await this.em.execute(
      `insert into plans (id, user_id, connection_id, job_id, preset, status, failure_code, ready_at, expires_at)
       values (?, ?, ?, ?, 'standard', ?, ?, ${made ? 'now()' : 'null'}, now() + make_interval(days => ?))`,
      [id, userId, connectionId, jobId, status, fields.failureCode ?? null, fields.expired ? -1 : 7],
    );
    return id;
  }

  /** Adds items in order; an item is a like, or in a playlist where one is named. */
  async items(
    planId: string,
    items: {
      uri: string;
      artistId: string;
      role?: string;
      playlistId?: string;
      included?: boolean;
      needsReview?: boolean;
      losses?: string[];
      notEnforceable?: string;
      sources?: BlockSource[];
    }[],
  ): Promise<string[]> {
    const ids: string[] = [];
    for (const [seq, item] of items.entries()) {
      const id = newId();
      ids.push(id);
      const match = {
        artistId: item.artistId,
        artistName: 'Somebody',
        role: item.role ?? 'primary',
        source: 'own',
        sources: item.sources ?? [{ kind: 'own' }],
        evidence: { kind: 'provider_id', detail: 'x' },
        needsReview: false,
      };
      await this.em.execute(
        `insert into plan_items (id, plan_id, seq, item_type, uri, playlist_id, playlist_name, positions, name, artists, matches, action_type, losses, included, needs_review, not_enforceable)
         values (?, ?, ?, ?, ?, ?, ?, ?::jsonb, 'A Song', '["Somebody"]'::jsonb, ?::jsonb, ?, array(select jsonb_array_elements_text(?::jsonb)), ?, ?, ?)`,
        [
          id,
          planId,
          seq,
          item.playlistId ? 'playlist_track' : 'liked_track',
          item.uri,
          item.playlistId ?? null,
          item.playlistId ? 'My Mix' : null,
          item.playlistId ? JSON.stringify([seq]) : null,
          JSON.stringify([match]),
          item.notEnforceable ? 'none' : item.playlistId ? 'remove_playlist_track' : 'unlike_track',
          JSON.stringify(item.losses ?? (item.playlistId ? ['date_added'] : ['date_added', 'position'])),
          item.included ?? !item.notEnforceable,
          item.needsReview ?? false,
          item.notEnforceable ?? null,
        ],
      );
    }
    return ids;
  }

  async run(
    userId: string,
    connectionId: string,
    fields: { runType?: string; status?: string; rollbackOf?: string } = {},
  ): Promise<{ id: string; jobId: string }> {
    const id = newId();
    const { runType = 'enforce', status = 'completed' } = fields;
    const ended = !['queued', 'running', 'waiting', 'cancelling'].includes(status);
    const jobId = await this.job(userId, {
      type: runType,
      subjectType: 'run',
      subjectId: id,
      status: ended ? 'completed' : status === 'waiting' ? 'waiting' : 'running',
    });
    await this.em.execute(
      `insert into runs (id, user_id, connection_id, job_id, run_type, rollback_of, status, epoch, receipt, started_at, finished_at)
       values (?, ?, ?, ?, ?, ?::uuid[], ?, 1, ${ended ? `'{"untouched":7,"removed":2,"restored":0,"unexplained":0}'::jsonb` : 'null'}, now(), ${ended ? 'now()' : 'null'})`,
      [id, userId, connectionId, jobId, runType, fields.rollbackOf ? `{${fields.rollbackOf}}` : '{}', status],
    );
    return { id, jobId };
  }

  async actions(
    runId: string,
    actions: {
      status: ActionStatus;
      uri?: string;
      playlistId?: string;
      losses?: string[];
      artistId?: string;
      /** See `sourceKeys`. */
      sources?: string[];
    }[],
  ): Promise<string[]> {
    const ids: string[] = [];
    for (const [seq, action] of actions.entries()) {
      const id = newId();
      ids.push(id);
      await this.em.execute(
        `insert into actions (id, run_id, seq, action_type, item_type, uri, playlist_id, name, status, losses, artist_ids, sources, before)
         values (?, ?, ?, ?, ?, ?, ?, 'A Song', ?, array(select jsonb_array_elements_text(?::jsonb)), ?::uuid[], array(select jsonb_array_elements_text(?::jsonb)), '{"present":true}'::jsonb)`,
        [
          id,
          runId,
          seq,
          action.playlistId ? 'remove_playlist_track' : 'unlike_track',
          action.playlistId ? 'playlist_track' : 'liked_track',
          action.uri ?? `spotify:track:${seq}`,
          action.playlistId ?? null,
          action.status,
          JSON.stringify(action.losses ?? []),
          action.artistId ? `{${action.artistId}}` : '{}',
          JSON.stringify(action.sources ?? []),
        ],
      );
    }
    return ids;
  }
}
