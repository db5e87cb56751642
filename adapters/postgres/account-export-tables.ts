/** How a table's rows get into a person's export. */
export interface ExportedTable {
  table: string;
  /** Columns that stay out: secrets, and what only our own machinery needs. */
  omit: readonly string[];
  /** What rows are read in order of, unique within a person or a parent; its type. */
  key: readonly [column: string, type: 'uuid' | 'int' | 'text'];
}

const byId = ['id', 'uuid'] as const;
const bySeq = ['seq', 'int'] as const;

/** Ids of our machinery that say nothing about a person and open nothing. */
const machinery = ['workflow_id', 'workflow_run_id', 'request_id'];

/** Tables whose rows are a person's own, by the name of their section in the file. */
export const personTables = {
  profile: { table: 'users', omit: [], key: byId },
  roles: { table: 'user_roles', omit: ['user_id'], key: ['role', 'text'] },
  suspensions: { table: 'user_suspensions', omit: ['user_id', 'suspended_by', 'lifted_by'], key: byId },
  identities: { table: 'identities', omit: ['user_id'], key: byId },
  sessions: { table: 'sessions', omit: ['user_id', 'token_hash'], key: byId },
  tokens: { table: 'personal_tokens', omit: ['user_id', 'token_hash'], key: byId },
  signIns: {
    table: 'oauth_transactions',
    omit: [
      'user_id',
      'state_hash',
      'cookie_hash',
      'flow_secrets',
      'callback_secrets',
      'raw_answer',
      'redirect_uri',
      'client_id',
      'request_id',
      'exchange_attempts',
      'ambiguous_attempts',
    ],
    key: byId,
  },
  connections: {
    table: 'connections',
    omit: ['user_id', 'client_id', 'quota', 'epoch', 'generation_id', 'sync_job_id', 'consent_hash'],
    key: byId,
  },
  providerApps: { table: 'provider_apps', omit: ['user_id'], key: byId },
  blocks: { table: 'blocks', omit: ['user_id'], key: ['artist_id', 'uuid'] },
  trackBlocks: { table: 'track_blocks', omit: ['user_id'], key: byId },
  exceptions: { table: 'exceptions', omit: ['user_id'], key: byId },
  lists: { table: 'community_lists', omit: ['user_id'], key: byId },
  listCurators: { table: 'list_curators', omit: ['user_id'], key: byId },
  listProposals: { table: 'list_proposals', omit: ['user_id', 'decided_by'], key: byId },
  listSubscriptions: { table: 'list_subscriptions', omit: ['user_id'], key: byId },
  categorySubscriptions: { table: 'category_subscriptions', omit: ['user_id'], key: byId },
  offenses: { table: 'offenses', omit: ['user_id'], key: byId },
  offenseEvidence: { table: 'offense_evidence', omit: ['user_id'], key: byId },
  submissionMutes: { table: 'submission_mutes', omit: ['user_id', 'muted_by', 'ended_by'], key: byId },
  decisionNotices: { table: 'decision_notices', omit: ['user_id'], key: byId },
  withdrawalNotices: { table: 'withdrawal_notices', omit: ['user_id'], key: byId },
  reports: { table: 'reports', omit: ['user_id', 'case_id', 'receipt_hash'], key: byId },
  appeals: { table: 'appeals', omit: ['user_id', 'holder_id'], key: byId },
  decisionDrafts: { table: 'decision_drafts', omit: ['user_id'], key: byId },
  decisionsSetAside: { table: 'artist_merge_asides', omit: ['user_id'], key: byId },
  blockImports: { table: 'block_imports', omit: ['user_id'], key: byId },
  catalogImports: { table: 'catalog_imports', omit: ['user_id'], key: byId },
  plans: { table: 'plans', omit: ['user_id', 'generation_id', 'file_generation_id'], key: byId },
  runs: { table: 'runs', omit: ['user_id', 'epoch', 'fence'], key: byId },
  jobs: { table: 'jobs', omit: ['user_id', 'failure_told_at', ...machinery], key: byId },
  exports: { table: 'account_exports', omit: ['user_id'], key: byId },
  merges: { table: 'account_merges', omit: [], key: byId },
  notifications: { table: 'notifications', omit: ['user_id'], key: byId },
  webhooks: { table: 'webhooks', omit: ['user_id', 'secret', 'former_secret', 'former_secret_until'], key: byId },
  audit: { table: 'audit_entries', omit: ['request_id'], key: byId },
} as const satisfies Record<string, ExportedTable>;

/** Tables whose rows belong to a row of those above, as lists inside it. */
export const partTables = {
  messages: { table: 'appeal_messages', omit: ['appeal_id', 'author_id'], key: byId },
  versions: { table: 'list_versions', omit: ['list_id', 'published_by'], key: byId },
  listed: { table: 'list_version_entries', omit: ['version_id'], key: ['entry_id', 'uuid'] },
  entries: { table: 'list_entries', omit: ['list_id'], key: byId },
  rows: { table: 'block_import_rows', omit: ['import_id'], key: bySeq },
  items: { table: 'plan_items', omit: ['plan_id'], key: bySeq },
  actions: { table: 'actions', omit: ['run_id', 'attempt'], key: bySeq },
  schedules: { table: 'connection_schedules', omit: ['connection_id'], key: ['connection_id', 'uuid'] },
  scheduledTurns: { table: 'scheduled_enforcements', omit: ['connection_id'], key: byId },
  blockRestores: { table: 'block_restores', omit: ['connection_id'], key: byId },
  milestones: { table: 'job_milestones', omit: ['job_id'], key: bySeq },
} as const satisfies Record<string, ExportedTable>;

/** Tables that are written in a form of their own: the published library with its names, and playlists as they are kept for undoing. */
export const libraryTables = [
  'library_generations',
  'library_parts',
  'library_contents',
  'playlist_sequences',
] as const;

/** Tables about a person that stay out of the file, each with its reason. */
export const tablesLeftOut: Readonly<Record<string, string>> = {
  credentials: 'the providers’ tokens; whoever has the file must not be able to use them',
  idempotency_keys: 'answers kept for a day to be repeated; what they are about is in the file',
  outbox: 'starts of workflows that are on their way for seconds; their jobs are in the file',
  library_pages: 'pages of a sync that has not ended; the last complete library is in the file',
  plan_choices: 'what was said of items for a later refresh; whether each is included is in the file',
  connection_locks: 'which run has a connection at this moment; the run is in the file',
  account_export_chunks: 'the bytes of earlier files like this one',
  person_events: 'a week of what is in the file as notifications, for programs that were away',
  webhook_deliveries: 'a week of messages that said what the notifications in the file say',
  emails: 'a week of messages that said what the notifications in the file say',
  webhook_attempts: 'how each of those messages was taken by the receiver, for as long',
  catalog_import_rows: 'artists and recordings of everybody’s catalog; which files they gave is in the file',
  list_subscriber_days: 'how many people came to a list and left it, by day; the lists are in the file',
  list_version_tellings: 'how far telling a list’s subscribers of a version has come; the version is in the file',
  appeal_acts: 'what was asked of an appeal’s workflow; the appeal and its messages are in the file',
  person_figures: 'how many of the actions, runs and blocks in the file there were each day',
  figure_turns: 'whose figures are being written; they are not in the file either',
  account_merge_moves: 'ids of rows that a merge moved, each of which is in the file',
};
