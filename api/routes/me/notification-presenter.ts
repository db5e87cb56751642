import type { z } from 'zod';
import type { NotificationRow } from '../../../adapters/postgres/notifications';
import type { AnnouncementType } from '../../../domain/announcements';
import { reconnectPath } from '../../../domain/connection-lifecycle';
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
} from '../../hrefs';
import { healthAction } from '../connections/health-action';
import type { notificationSchema } from './notifications-schema';

type Params = NotificationRow['params'];
interface Telling {
  text: (params: Params) => string;
  href: (params: Params) => string | null;
}

const providerNames: Readonly<Record<string, string>> = { spotify: 'Spotify', apple_music: 'Apple Music' };
const nameOf = ({ provider }: Params): string => providerNames[String(provider)] ?? String(provider);

/** Where the person renews a consent, as a browser opens it. */
const reconnectHref = ({ provider, connectionId }: Params): string =>
  reconnectPath({ provider: String(provider), id: String(connectionId) });

/** What a person reads about a fault that a new consent would not end. */
const faultTexts: Readonly<Record<string, (provider: string) => string>> = {
  app_user_not_allowed: (provider) =>
    `${provider} lets only some people use this app, and you are not among them; an app of your own helps.`,
  app_owner_not_premium: (provider) =>
    `${provider} lets nobody use this app, since its owner has no Premium; an app of your own helps.`,
  subscription_missing: (provider) => `${provider} does nothing for your account until it has a subscription.`,
};

/** Where the person can do something about such a fault. */
function remedyHref({ provider, connectionId, code }: Params): string {
  const id = String(connectionId);
  const found = { id, provider: String(provider), health: 'degraded', healthCode: String(code) } as const;
  return healthAction(found)?.href ?? connectionHref(id);
}

/** What a person reads about the end of a block, of an artist or a track. */
const endText =
  (what: string) =>
  ({ onExpiry, restorable }: Params): string => {
    if (Number(restorable) === 0) return `A temporary block of ${what} is over; nothing is left to bring back.`;
    const items = Number(restorable) === 1 ? '1 item' : `${restorable} items`;
    return onExpiry === 'restore'
      ? `A temporary block of ${what} is over; ${items} that it took out will come back, as you wanted.`
      : `A temporary block of ${what} is over; ${items} that it took out can be brought back.`;
  };

/** Why a weekly plan was not carried out. */
const planReasons: Readonly<Record<string, (params: Params) => string>> = {
  asked_to_notify: () => '',
  above_cap: ({ most }) => ` That is more than the ${most} that go without you; look at it first.`,
  connection_busy: () => ' Another run was under way, so it was not carried out.',
  by_hand: () => ' Only you can take them out; its checklist says where.',
  plan_stale: () => ' Something you decided since makes it out of date; make a new one.',
};

const decidedAbout: Readonly<Record<string, string>> = {
  offense: 'an offense',
  list: 'a list',
  list_version: 'a version of a list',
  list_entry: 'an entry of a list',
  user: 'your account',
};
const measureTexts: Readonly<Record<string, string>> = {
  approve: 'it stands',
  reject: 'it does not stand',
  request_changes: 'it has to be changed first',
  restrict: 'it has no effect for a time',
  suspend: 'it is suspended',
};

const outcomeTexts: Readonly<Record<string, string>> = {
  stands: 'the decision stands',
  reversed: 'the decision is taken back',
  modified: 'the decision is changed',
};

const tellings: Readonly<Record<AnnouncementType, Telling>> = {
  'connection.needs_reconnect': {
    text: (params) => `${nameOf(params)} must be connected again before anything more can be done there.`,
    href: reconnectHref,
  },
  'connection.degraded': {
    text: (params) =>
      faultTexts[String(params.code)]?.(nameOf(params)) ?? `${nameOf(params)} does not work fully at the moment.`,
    href: remedyHref,
  },
  'connection.recovered': {
    text: (params) => `${nameOf(params)} works again.`,
    href: ({ connectionId }) => connectionHref(String(connectionId)),
  },
  'connection.consent_expiring': {
    text: (params) => `Your consent at ${nameOf(params)} ends on ${String(params.at).slice(0, 10)}; renew it before.`,
    href: reconnectHref,
  },
  'connection.deleted': { text: (params) => `${nameOf(params)} is no longer connected.`, href: () => null },
  'run.finished': {
    text: ({ status }) => `A run has ended: ${String(status).replaceAll('_', ' ')}.`,
    href: ({ runId }) => runHref(String(runId)),
  },
  'block.ended': { text: endText('an artist'), href: ({ artistId }) => `/api/v1/blocks/${artistId}/restore` },
  'track_block.ended': { text: endText('a song'), href: ({ trackId }) => `/api/v1/track-blocks/${trackId}/restore` },
  'schedule.plan_ready': {
    text: (params) =>
      `Your weekly plan is ready: ${params.items} items.${planReasons[String(params.reason)]?.(params) ?? ''}`,
    href: ({ planId }) => planHref(String(planId)),
  },
  'schedule.failed': {
    text: () => 'Your weekly plan could not be made; it is tried again next week.',
    href: ({ planId }) => planHref(String(planId)),
  },
  'webhook.disabled': {
    text: ({ reason }) =>
      reason === 'gone'
        ? 'A webhook is switched off: its receiver wants no more messages.'
        : 'A webhook is switched off: it has taken nothing for three days.',
    href: ({ webhookId }) => `/api/v1/me/webhooks/${webhookId}`,
  },
  'account.suspended': {
    text: ({ until }) =>
      `Your account is suspended${until ? ` until ${String(until).slice(0, 10)}` : ''}. Why is said there; you can still undo what was done, export, appeal and leave.`,
    href: () => meHref,
  },
  'account.unsuspended': {
    text: ({ ending }) =>
      ending === 'lifted'
        ? 'Your account is no longer suspended: that was taken back.'
        : 'Your account is no longer suspended: its time is over.',
    href: () => meHref,
  },
  'submissions.muted': {
    text: ({ until }) =>
      `You cannot submit offenses and sources${until ? ` until ${String(until).slice(0, 10)}` : ' for now'}. Why is said there.`,
    href: () => meHref,
  },
  'submissions.unmuted': { text: () => 'You can submit offenses and sources again.', href: () => meHref },
  'decision.taken': {
    text: ({ about, measure, capacity }) =>
      `It was decided about ${decidedAbout[String(about)] ?? 'something'}${capacity === 'reporter' ? ' that you reported' : ''}: ${measureTexts[String(measure)] ?? String(measure)}. Why, and how to appeal, is said there.`,
    href: ({ decisionId }) => decisionHref(String(decisionId)),
  },
  'decision.ended': {
    text: ({ about }) =>
      `What was decided about ${decidedAbout[String(about)] ?? 'something'} for a time is over: it has its effect again.`,
    href: ({ decisionId }) => decisionHref(String(decisionId)),
  },
  'source.withdrawn': {
    text: ({ artists, actions }) =>
      `What a list or a category that you followed said of ${Number(artists) === 1 ? 'an artist' : `${artists} artists`} does not hold any more; ${Number(actions) === 1 ? '1 item that was' : `${actions} items that were`} taken out because of it can be brought back.`,
    href: ({ withdrawalId }) => sourceRestoreHref(String(withdrawalId)),
  },
  'list.version_published': {
    text: ({ added, removed }) =>
      `A list that you go by has a new version: ${Number(added)} added, ${Number(removed)} removed.`,
    href: ({ listId, number }) => listVersionHref(String(listId), Number(number)),
  },
  'appeal.question': {
    text: () => 'You are asked something about your appeal.',
    href: ({ appealId }) => appealHref(String(appealId)),
  },
  'appeal.decided': {
    text: ({ outcome }) =>
      `Your appeal is decided: ${outcomeTexts[String(outcome)] ?? String(outcome)}. Why, and where else you can go, is said there.`,
    href: ({ appealId }) => appealHref(String(appealId)),
  },
  'appeal.escalated': {
    text: () => 'An appeal is past its deadline: it waits for a reviewer’s decision.',
    href: ({ appealId }) => appealHref(String(appealId)),
  },
  'list.curator_invited': {
    text: () => 'You are asked to look after a list; whether you want to is yours to say.',
    href: ({ listId }) => listHref(String(listId)),
  },
  'list.proposal_made': {
    text: () => 'Somebody proposes to change a list that you look after.',
    href: ({ listId }) => `${listHref(String(listId))}/proposals`,
  },
  'list.proposal_decided': {
    text: ({ state }) =>
      state === 'approved'
        ? 'What you proposed for a list was taken up.'
        : 'What you proposed for a list was not taken up.',
    href: ({ listId }) => `${listHref(String(listId))}/proposals`,
  },
};

export function presentNotification(row: NotificationRow): z.input<typeof notificationSchema> {
  const { id, type, params } = row;
  return {
    id,
    type,
    params,
    href: tellings[type].href(params),
    text: tellings[type].text(params),
    readAt: row.readAt?.toISOString() ?? null,
    createdAt: row.createdAt.toISOString(),
  };
}
