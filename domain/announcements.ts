import type { AnnouncementGroup } from './announcement-preferences';
import type { AppealOutcome } from './appeals';
import type { ExpiryChoice } from './block-expiry';
import type { ProposalState } from './list-proposals';
import type { DecisionSubjectType, Measure, NoticeCapacity } from './moderation';
import type { SuspensionEnding } from './roles';
import type { NotifyReason } from './unattended';

interface OfConnection {
  connectionId: string;
  provider: string;
}

interface OfBlocksEnd {
  onExpiry: ExpiryChoice;
  /** What it took out, is not back, and nothing else wants out. */
  restorable: number;
}

/** What each announcement carries: ids, enums, counts and times, never a name, an address or a token. */
export interface AnnouncementParams {
  /** Only the person can help, by renewing the consent. */
  'connection.needs_reconnect': OfConnection & { code: string };
  /** It does not work fully, a new consent would not help, and the person can do something else. */
  'connection.degraded': OfConnection & { code: string };
  'connection.recovered': OfConnection & { code?: string };
  /** `at` is when the consent ends by its age, ISO 8601. */
  'connection.consent_expiring': OfConnection & { code?: string; at: string };
  'connection.deleted': OfConnection & { code?: string };
  'run.finished': { runId: string; status: string };
  /** A temporary block is over. */
  'block.ended': OfBlocksEnd & { artistId: string };
  'track_block.ended': OfBlocksEnd & { trackId: string };
  /** A weekly plan that nobody has carried out; `most`: how much would have gone by itself, where the plan is above that. */
  'schedule.plan_ready': { connectionId: string; planId: string; items: number; reason: NotifyReason; most?: number };
  'schedule.failed': { connectionId: string; planId: string; code: string };
  /** A webhook is sent nothing any more. */
  'webhook.disabled': { webhookId: string; reason: string };
  /** `until` is when it ends by itself, ISO 8601. */
  'account.suspended': { suspensionId: string; until?: string };
  'account.unsuspended': { suspensionId: string; ending: SuspensionEnding };
  /** That a person submits nothing for a time, until `until` (ISO 8601) or until a moderator ends it; and that this was ended. */
  'submissions.muted': { muteId: string; until?: string };
  'submissions.unmuted': { muteId: string };
  /** What was decided about something of the person's, or that they reported. `until` is when its measure ends, ISO 8601. */
  'decision.taken': {
    decisionId: string;
    about: DecisionSubjectType;
    aboutId: string;
    measure: Measure;
    capacity: NoticeCapacity;
    until?: string;
  };
  /** A measure ended by its time. */
  'decision.ended': { decisionId: string; about: DecisionSubjectType; aboutId: string };
  /** Something that the person's library was changed by was withdrawn; `actions`: what of it could come back. `artistId` where it was about one. */
  'source.withdrawn': {
    withdrawalId: string;
    artists: number;
    artistId?: string;
    decisionId?: string;
    actions: number;
  };
  /** A list that the person goes by has a new version that counts. */
  'list.version_published': { listId: string; number: number; added: number; removed: number };
  /** Somebody whom a decision concerns is asked something about their appeal. */
  'appeal.question': { appealId: string };
  'appeal.decided': { appealId: string; decisionId: string; outcome: AppealOutcome };
  /** To reviewers: the deadline has passed, for the `level`th time. */
  'appeal.escalated': { appealId: string; level: number };
  /** The person is asked to look after a list. */
  'list.curator_invited': { listId: string };
  /** Somebody wants a list changed that the person looks after. */
  'list.proposal_made': { listId: string; proposalId: string };
  /** What became of the person's own proposal; `number` of the version that it became. */
  'list.proposal_decided': { listId: string; proposalId: string; state: ProposalState; number?: number };
}

export type AnnouncementType = keyof AnnouncementParams;
/** Something to tell a person of. */
export type Announcement = { [T in AnnouncementType]: { type: T; params: AnnouncementParams[T] } }[AnnouncementType];

interface AnnouncementRule {
  /** The parameter that says what it is about. */
  subject: string;
  group: AnnouncementGroup;
  /** Whether webhooks can be told. */
  toWebhooks: boolean;
  /** Unread notifications about the same subject that have nothing to say any more. */
  settles: readonly AnnouncementType[];
}

const faults = ['connection.needs_reconnect', 'connection.degraded', 'connection.consent_expiring'] as const;

export const announcementRules: Readonly<Record<AnnouncementType, AnnouncementRule>> = {
  'connection.needs_reconnect': {
    subject: 'connectionId',
    group: 'connections',
    toWebhooks: true,
    settles: ['connection.recovered', 'connection.degraded', 'connection.consent_expiring'],
  },
  'connection.degraded': {
    subject: 'connectionId',
    group: 'connections',
    toWebhooks: true,
    settles: ['connection.recovered'],
  },
  'connection.recovered': { subject: 'connectionId', group: 'connections', toWebhooks: true, settles: faults },
  'connection.consent_expiring': {
    subject: 'connectionId',
    group: 'connections',
    toWebhooks: true,
    settles: ['connection.recovered'],
  },
  'connection.deleted': {
    subject: 'connectionId',
    group: 'connections',
    toWebhooks: true,
    settles: [...faults, 'connection.recovered'],
  },
  'run.finished': { subject: 'runId', group: 'runs', toWebhooks: true, settles: [] },
  'block.ended': { subject: 'artistId', group: 'blocks', toWebhooks: false, settles: [] },
  'track_block.ended': { subject: 'trackId', group: 'blocks', toWebhooks: false, settles: [] },
  'schedule.plan_ready': { subject: 'connectionId', group: 'runs', toWebhooks: false, settles: ['schedule.failed'] },
  'schedule.failed': { subject: 'connectionId', group: 'runs', toWebhooks: false, settles: [] },
  'webhook.disabled': { subject: 'webhookId', group: 'account', toWebhooks: false, settles: [] },
  'account.suspended': { subject: 'suspensionId', group: 'account', toWebhooks: false, settles: [] },
  'account.unsuspended': {
    subject: 'suspensionId',
    group: 'account',
    toWebhooks: false,
    settles: ['account.suspended'],
  },
  'submissions.muted': { subject: 'muteId', group: 'account', toWebhooks: false, settles: [] },
  'submissions.unmuted': { subject: 'muteId', group: 'account', toWebhooks: false, settles: ['submissions.muted'] },
  'decision.taken': { subject: 'decisionId', group: 'moderation', toWebhooks: false, settles: [] },
  'decision.ended': { subject: 'decisionId', group: 'moderation', toWebhooks: false, settles: [] },
  'source.withdrawn': { subject: 'withdrawalId', group: 'moderation', toWebhooks: false, settles: [] },
  'list.version_published': { subject: 'listId', group: 'lists', toWebhooks: true, settles: [] },
  'appeal.question': { subject: 'appealId', group: 'moderation', toWebhooks: false, settles: [] },
  'appeal.decided': { subject: 'appealId', group: 'moderation', toWebhooks: true, settles: ['appeal.question'] },
  'appeal.escalated': { subject: 'appealId', group: 'moderation', toWebhooks: false, settles: [] },
  'list.curator_invited': { subject: 'listId', group: 'lists', toWebhooks: false, settles: [] },
  'list.proposal_made': { subject: 'listId', group: 'lists', toWebhooks: false, settles: [] },
  'list.proposal_decided': { subject: 'proposalId', group: 'lists', toWebhooks: false, settles: [] },
};

/** What a webhook can ask for. */
export const webhookEventTypes = (Object.keys(announcementRules) as AnnouncementType[]).filter(
  (type) => announcementRules[type].toWebhooks,
);

/** The id of what an announcement is about. */
export function subjectOf({ type, params }: Announcement): string {
  const subject = (params as unknown as Record<string, string | undefined>)[announcementRules[type].subject];
  if (subject === undefined) throw new Error(`An announcement without its subject: ${type}`);
  return subject;
}
