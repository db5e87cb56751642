import type { AnnouncedParams } from './announcement-texts';
import type { AnnouncementType } from './announcements';
import { reconnectPath } from './connection-lifecycle';
import { healthAction } from './health-action';

type Params = AnnouncedParams;
type Param = Params[string] | undefined;

const mePath = '/api/v1/me';
const connectionPath = (id: Param): string => `/api/v1/connections/${id}`;
const planPath = (id: Param): string => `/api/v1/enforcement/plans/${id}`;
const decisionPath = (id: Param): string => `/api/v1/decisions/${id}`;
const appealPath = (id: Param): string => `/api/v1/appeals/${id}`;

/** Where the person renews a consent, as a browser opens it. */
const reconnect = ({ provider, connectionId }: Params): string =>
  reconnectPath({ provider: String(provider), id: String(connectionId) });

/** Where the person can do something about such a fault. */
function remedy({ provider, connectionId, code }: Params): string {
  const id = String(connectionId);
  const found = { id, provider: String(provider), health: 'degraded', healthCode: String(code) } as const;
  return healthAction(found)?.href ?? connectionPath(connectionId);
}

const places: Readonly<Record<AnnouncementType, (params: Params) => string | null>> = {
  'connection.needs_reconnect': reconnect,
  'connection.degraded': remedy,
  'connection.recovered': ({ connectionId }) => connectionPath(connectionId),
  'connection.consent_expiring': reconnect,
  'connection.deleted': () => null,
  'run.finished': ({ runId }) => `/api/v1/enforcement/runs/${runId}`,
  'block.ended': ({ artistId }) => `/api/v1/blocks/${artistId}/restore`,
  'track_block.ended': ({ trackId }) => `/api/v1/track-blocks/${trackId}/restore`,
  'schedule.plan_ready': ({ planId }) => planPath(planId),
  'schedule.failed': ({ planId }) => planPath(planId),
  'webhook.disabled': ({ webhookId }) => `/api/v1/me/webhooks/${webhookId}`,
  'account.suspended': () => mePath,
  'account.unsuspended': () => mePath,
  'submissions.muted': () => mePath,
  'submissions.unmuted': () => mePath,
  'decision.taken': ({ decisionId }) => decisionPath(decisionId),
  'decision.ended': ({ decisionId }) => decisionPath(decisionId),
  'source.withdrawn': ({ withdrawalId }) => `/api/v1/enforcement/restores/${withdrawalId}`,
  'list.version_published': ({ listId, number }) => `/api/v1/lists/${listId}/versions/${number}`,
  'appeal.question': ({ appealId }) => appealPath(appealId),
  'appeal.decided': ({ appealId }) => appealPath(appealId),
  'appeal.escalated': ({ appealId }) => appealPath(appealId),
  'list.curator_invited': ({ listId }) => `/api/v1/lists/${listId}`,
  'list.proposal_made': ({ listId }) => `/api/v1/lists/${listId}/proposals`,
  'list.proposal_decided': ({ listId }) => `/api/v1/lists/${listId}/proposals`,
};

/** Where something can be done or seen about an announcement: a path at the API, or an address elsewhere; null where there is nothing. */
export const announcementPlace = (type: AnnouncementType, params: AnnouncedParams): string | null =>
  places[type](params);

/** The same for a browser: where only a POST does something, or nothing is left to be seen, the start page. */
export function pageOf(type: AnnouncementType, params: AnnouncedParams): string {
  const place = type === 'block.ended' || type === 'track_block.ended' ? null : announcementPlace(type, params);
  return place ?? '/';
}
