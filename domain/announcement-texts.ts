import type { AnnouncementGroup } from './announcement-preferences';
import type { AnnouncementType } from './announcements';

/** What an announcement carries, as it was stored. */
export type AnnouncedParams = Readonly<Record<string, string | number>>;
type Params = AnnouncedParams;

const providerNames: Readonly<Record<string, string>> = { spotify: 'Spotify', apple_music: 'Apple Music' };
const nameOf = ({ provider }: Params): string => providerNames[String(provider)] ?? String(provider);

/** What a person reads about a fault that a new consent would not end. */
const faultTexts: Readonly<Record<string, (provider: string) => string>> = {
  app_user_not_allowed: (provider) =>
    `${provider} lets only some people use this app, and you are not among them; an app of your own helps.`,
  app_owner_not_premium: (provider) =>
    `${provider} lets nobody use this app, since its owner has no Premium; an app of your own helps.`,
  subscription_missing: (provider) => `${provider} does nothing for your account until it has a subscription.`,
};

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

const texts: Readonly<Record<AnnouncementType, (params: Params) => string>> = {
  'connection.needs_reconnect': (params) =>
    `${nameOf(params)} must be connected again before anything more can be done there.`,
  'connection.degraded': (params) =>
    faultTexts[String(params.code)]?.(nameOf(params)) ?? `${nameOf(params)} does not work fully at the moment.`,
  'connection.recovered': (params) => `${nameOf(params)} works again.`,
  'connection.consent_expiring': (params) =>
    `Your consent at ${nameOf(params)} ends on ${String(params.at).slice(0, 10)}; renew it before.`,
  'connection.deleted': (params) => `${nameOf(params)} is no longer connected.`,
  'run.finished': ({ status }) => `A run has ended: ${String(status).replaceAll('_', ' ')}.`,
  'block.ended': endText('an artist'),
  'track_block.ended': endText('a song'),
  'schedule.plan_ready': (params) =>
    `Your weekly plan is ready: ${params.items} items.${planReasons[String(params.reason)]?.(params) ?? ''}`,
  'schedule.failed': () => 'Your weekly plan could not be made; it is tried again next week.',
  'webhook.disabled': ({ reason }) =>
    reason === 'gone'
      ? 'A webhook is switched off: its receiver wants no more messages.'
      : 'A webhook is switched off: it has taken nothing for three days.',
  'account.suspended': ({ until }) =>
    `Your account is suspended${until ? ` until ${String(until).slice(0, 10)}` : ''}. Why is said there; you can still undo what was done, export, appeal and leave.`,
  'account.unsuspended': ({ ending }) =>
    ending === 'lifted'
      ? 'Your account is no longer suspended: that was taken back.'
      : 'Your account is no longer suspended: its time is over.',
  'submissions.muted': ({ until }) =>
    `You cannot submit offenses and sources${until ? ` until ${String(until).slice(0, 10)}` : ' for now'}. Why is said there.`,
  'submissions.unmuted': () => 'You can submit offenses and sources again.',
  'decision.taken': ({ about, measure, capacity }) =>
    `It was decided about ${decidedAbout[String(about)] ?? 'something'}${capacity === 'reporter' ? ' that you reported' : ''}: ${measureTexts[String(measure)] ?? String(measure)}. Why, and how to appeal, is said there.`,
  'decision.ended': ({ about }) =>
    `What was decided about ${decidedAbout[String(about)] ?? 'something'} for a time is over: it has its effect again.`,
  'source.withdrawn': ({ artists, actions }) =>
    `What a list or a category that you followed said of ${Number(artists) === 1 ? 'an artist' : `${artists} artists`} does not hold any more; ${Number(actions) === 1 ? '1 item that was' : `${actions} items that were`} taken out because of it can be brought back.`,
  'list.version_published': ({ added, removed }) =>
    `A list that you go by has a new version: ${Number(added)} added, ${Number(removed)} removed.`,
  'appeal.question': () => 'You are asked something about your appeal.',
  'appeal.decided': ({ outcome }) =>
    `Your appeal is decided: ${outcomeTexts[String(outcome)] ?? String(outcome)}. Why, and where else you can go, is said there.`,
  'appeal.escalated': () => 'An appeal is past its deadline: it waits for a reviewer’s decision.',
  'list.curator_invited': () => 'You are asked to look after a list; whether you want to is yours to say.',
  'list.proposal_made': () => 'Somebody proposes to change a list that you look after.',
  'list.proposal_decided': ({ state }) =>
    state === 'approved'
      ? 'What you proposed for a list was taken up.'
      : 'What you proposed for a list was not taken up.',
};

/** What a person reads of an announcement, in a sentence or two: without names, which are said where it leads. */
export const announcementText = (type: AnnouncementType, params: AnnouncedParams): string => texts[type](params);

/** What a group is about, as it stands in a subject line. */
export const groupTitles: Readonly<Record<AnnouncementGroup, string>> = {
  connections: 'your connections',
  runs: 'runs and weekly plans',
  blocks: 'blocks that ended',
  lists: 'lists',
  account: 'your account',
  moderation: 'decisions and appeals',
};
