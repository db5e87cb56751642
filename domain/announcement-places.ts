import type { AnnouncedParams } from './announcement-texts';
import type { AnnouncementType } from './announcements';
import { reconnectPath } from './connection-lifecycle';
import { healthAction } from './health-action';
import {
  appealHref,
  connectionHref,
  decisionHref,
  listHref,
  listVersionHref,
  meHref,
  planHref,
  runHref,
  sourceRestoreHref,
  webhookHref,
} from './hrefs';

type Params = AnnouncedParams;

/** Where the person renews a consent, as a browser opens it. */
const reconnect = ({ provider, connectionId }: Params): string =>
  reconnectPath({ provider: String(provider), id: String(connectionId) });

/** Where the person can do something about such a fault. */
function remedy({ provider, connectionId, code }: Params): string {
  const id = String(connectionId);
  const found = { id, provider: String(provider), health: 'degraded', healthCode: String(code) } as const;
  return healthAction(found)?.href ?? connectionHref(id);
}

const places: Readonly<Record<AnnouncementType, (params: Params) => string | null>> = {
  'connection.needs_reconnect': reconnect,
  'connection.degraded': remedy,
  'connection.recovered': ({ connectionId }) => connectionHref(String(connectionId)),
  'connection.consent_expiring': reconnect,
  'connection.deleted': () => null,
  'run.finished': ({ runId }) => runHref(String(runId)),
  'block.ended': ({ artistId }) => `/api/v1/blocks/${artistId}/restore`,
  'track_block.ended': ({ trackId }) => `/api/v1/track-blocks/${trackId}/restore`,
  'schedule.plan_ready': ({ planId }) => planHref(String(planId)),
  'schedule.failed': ({ planId }) => planHref(String(planId)),
  'webhook.disabled': ({ webhookId }) => webhookHref(String(webhookId)),
  'account.suspended': () => meHref,
  'account.unsuspended': () => meHref,
  'submissions.muted': () => meHref,
  'submissions.unmuted': () => meHref,
  'decision.taken': ({ decisionId }) => decisionHref(String(decisionId)),
  'decision.ended': ({ decisionId }) => decisionHref(String(decisionId)),
  'source.withdrawn': ({ withdrawalId }) => sourceRestoreHref(String(withdrawalId)),
  'list.version_published': ({ listId, number }) => listVersionHref(String(listId), Number(number)),
  'appeal.question': ({ appealId }) => appealHref(String(appealId)),
  'appeal.decided': ({ appealId }) => appealHref(String(appealId)),
  'appeal.escalated': ({ appealId }) => appealHref(String(appealId)),
  'list.curator_invited': ({ listId }) => listHref(String(listId)),
  'list.proposal_made': ({ listId }) => `${listHref(String(listId))}/proposals`,
  'list.proposal_decided': ({ listId }) => `${listHref(String(listId))}/proposals`,
};

/** Where something can be done or seen about an announcement: a path at the API, or an address elsewhere; null where there is nothing. */
export const announcementPlace = (type: AnnouncementType, params: AnnouncedParams): string | null =>
  places[type](params);

/** The same for a browser: where only a POST does something, or nothing is left to be seen, the start page. */
export function pageOf(type: AnnouncementType, params: AnnouncedParams): string {
  const place = type === 'block.ended' || type === 'track_block.ended' ? null : announcementPlace(type, params);
  return place ?? '/';
}
