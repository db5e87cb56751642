/**
 * Every code that an answer of the API, a job or an action can carry, with its HTTP status and title.
 * `retryable` says whether the same request can succeed later without being changed.
 */
export const errorCodes = {
  invalid_request: { status: 400, title: 'The request is not valid' },
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_cursor: { status: 400, title: 'The cursor is not one that this API gave' },
  confirmation_required: { status: 400, title: 'This needs an explicit confirmation' },
  not_a_run_to_undo: { status: 400, title: 'A rollback cannot itself be rolled back' },
  foreign_actions: { status: 400, title: 'Some actions do not belong to this run' },
  invalid_return_to: { status: 400, title: 'That return address is not allowed' },
  import_not_utf8: { status: 400, title: 'The file is not UTF-8 text' },
  import_not_csv: { status: 400, title: 'The file is not valid CSV' },
  import_not_json: { status: 400, title: 'The file is not a JSON list of blocks' },
  import_no_column: { status: 400, title: 'The file has no column of names or ids' },
  import_empty: { status: 400, title: 'The file has no rows' },
  library_file_invalid: { status: 400, title: 'The file is not a library that was exported here, or it is damaged' },
  unauthenticated: { status: 401, title: 'Sign in first' },
  token_expired: { status: 401, title: 'The token has expired' },
  origin_not_allowed: { status: 403, title: 'Requests from this origin are not allowed' },
  scope_missing: { status: 403, title: 'The token lacks the scope for this' },
  role_missing: { status: 403, title: 'This needs a role that you do not have' },
  suspended: { status: 403, title: 'Your account is suspended' },
  owner_only: { status: 403, title: 'Only its owner may do this' },
  own_case: { status: 403, title: 'Nobody decides about themselves' },
  submissions_muted: { status: 403, title: 'You cannot submit anything at the moment' },
  not_found: { status: 404, title: 'There is nothing here' },
  offenses_disabled: { status: 404, title: 'Offenses are switched off here' },
  comparative_analytics_disabled: { status: 404, title: 'Comparisons with others are switched off here' },
  method_not_allowed: { status: 405, title: 'This address does not take that method' },
  not_acceptable: { status: 406, title: 'No representation of this fits what you accept' },
  version_conflict: { status: 409, title: 'Somebody changed this meanwhile' },
  duplicate_offense: { status: 409, title: 'This has been submitted already' },
  duplicate_evidence: { status: 409, title: 'This source is there already' },
  too_many_sources: { status: 409, title: 'This has as many sources as an entry may have' },
  not_editable: { status: 409, title: 'This can no longer be changed' },
  evidence_missing: { status: 409, title: 'Nothing is approved without a source' },
  measure_not_possible: { status: 409, title: 'This measure does not fit how things stand' },
  plan_not_ready: { status: 409, title: 'The plan is not ready yet' },
  plan_stale: { status: 409, title: 'The plan no longer fits your blocks or your library' },
  plan_expired: { status: 409, title: 'The plan has expired' },
  plan_failed: { status: 409, title: 'The plan could not be prepared' },
  plan_empty: { status: 409, title: 'The plan includes nothing to do' },
  plan_already_executed: { status: 409, title: 'The plan has been executed' },
  connection_busy: { status: 409, title: 'Another run is working on this connection' },
  connection_unusable: { status: 409, title: 'The connection must be renewed first' },
  connection_belongs_to_another: { status: 409, title: 'This account is connected to somebody else' },
  already_connected: { status: 409, title: 'You have such a connection already; renew that one' },
  music_token_rejected: { status: 400, title: 'Apple Music does not accept this token' },
  subscription_missing: { status: 409, title: 'The account has no Apple Music subscription' },
  run_not_finished: { status: 409, title: 'The run has not ended yet' },
  nothing_to_undo: { status: 409, title: 'There is nothing left to undo' },
  nothing_to_retry: { status: 409, title: 'Nothing failed that could be tried again' },
  job_finished: { status: 409, title: 'The job has ended' },
  job_not_cancellable: { status: 409, title: 'This kind of job cannot be cancelled' },
  job_not_retryable: { status: 409, title: 'Only a failed job can be tried again' },
  account_exists: { status: 409, title: 'An account with this e-mail address exists' },
  identity_belongs_to_another: { status: 409, title: 'This sign-in account belongs to somebody else here' },
  last_sign_in_method: { status: 409, title: 'The last way to sign in cannot be removed' },
  merge_expired: { status: 409, title: 'The time for this merge is over' },
  merge_not_possible: { status: 409, title: 'These accounts cannot be merged now' },
  artist_merge_not_possible: { status: 409, title: 'This cannot be done with these two artists now' },
  undo_would_be_lost: { status: 409, title: 'What could still be undone would be lost' },
  already_decided: { status: 409, title: 'This has been decided already' },
  case_held_by_another: { status: 409, title: 'Somebody else is working on this' },
  last_admin: { status: 409, title: 'The last admin stays' },
  already_suspended: { status: 409, title: 'This person is suspended already' },
  not_suspended: { status: 409, title: 'This person is not suspended' },
  list_has_subscribers: { status: 409, title: 'Others go by this list' },
  version_in_review: { status: 409, title: 'A version of this list waits for a moderator' },
  list_restricted: { status: 409, title: 'Moderation keeps this list from taking effect' },
  list_unpublished: { status: 409, title: 'This list has no version that counts yet' },
  not_claimed: { status: 409, title: 'Claim this first' },
  nothing_asked: { status: 409, title: 'No answer is waited for' },
  answer_awaited: { status: 409, title: 'An answer is waited for already' },
  already_appealed: { status: 409, title: 'You have appealed against this decision' },
  appeal_window_closed: { status: 409, title: 'The time to appeal against this decision is over' },
  decision_not_appealable: { status: 409, title: 'Nothing can be appealed against here' },
  decision_superseded: { status: 409, title: 'It was decided anew since' },
  limit_reached: { status: 409, title: 'There are as many of these as there may be' },
  webhook_disabled: { status: 409, title: 'This webhook is switched off' },
  delivery_in_progress: { status: 409, title: 'This message is still being delivered' },
  too_many_webhooks: { status: 409, title: 'You have as many webhooks as one may have' },
  erasure_in_progress: { status: 409, title: 'This account is being erased' },
  export_not_ready: { status: 409, title: 'The file has not been made' },
  import_in_progress: { status: 409, title: 'Another import is still under way' },
  import_row_settled: { status: 409, title: 'It is settled whom this row means' },
  nothing_to_confirm: { status: 409, title: 'This import waits for nothing' },
  library_not_synced: { status: 409, title: 'The library has not been read yet' },
  export_expired: { status: 410, title: 'The file is no longer kept' },
  idempotency_in_flight: { status: 409, title: 'The first request with this key is still being answered' },
  payload_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'This type of body is not taken here' },
  idempotency_key_reused: { status: 422, title: 'This idempotency key was used with another body' },
  list_rules_broken: { status: 422, title: 'The rules for lists do not let this be published' },
  library_file_of_other_provider: { status: 422, title: 'The file is of a library at another provider' },
  restore_unsupported: { status: 422, title: 'This provider does not let us restore from a file' },
  rate_limited: { status: 429, title: 'Too many requests', retryable: true },
  submission_limit: { status: 429, title: 'You have submitted as much as one may for now', retryable: true },
  internal_error: { status: 500, title: 'Something went wrong on our side', retryable: true },
  provider_error: { status: 502, title: 'The provider answered with an error', retryable: true },
  provider_not_configured: { status: 503, title: 'This provider is not configured here' },
  spotify_apps_full: { status: 503, title: 'No Spotify app here has room for another account' },
  provider_unavailable: { status: 503, title: 'The provider cannot be reached', retryable: true },
  service_unavailable: { status: 503, title: 'A part of the system is away', retryable: true },
  similarity_unavailable: {
    status: 503,
    title: 'Neither the artist graph nor the index of styles can be asked',
    retryable: true,
  },
  graph_unavailable: { status: 503, title: 'The artist graph is away', retryable: true },
  // Ends of a sign-in or connect flow, told to the browser as `?error=CODE`.
  account_differs: { status: 409, title: 'That is another account than the connected one' },
  access_denied: { status: 403, title: 'Consent was not given' },
  flow_expired: { status: 400, title: 'This sign-in was started too long ago' },
  flow_unknown: { status: 400, title: 'This sign-in was not started here' },
  flow_not_yours: { status: 403, title: 'This sign-in was started in another browser' },
  code_rejected: { status: 400, title: 'The provider did not accept the code' },
  identity_invalid: { status: 400, title: 'The provider’s answer could not be verified' },
  app_user_not_allowed: { status: 403, title: 'The app does not let this account in' },
  app_owner_not_premium: { status: 403, title: 'The app’s owner has no Premium' },
  scopes_missing: { status: 403, title: 'Some permissions were not granted' },
  still_working: { status: 202, title: 'The provider is slow; we go on in the background' },
} as const satisfies Record<string, { status: number; title: string; retryable?: boolean }>;

export type ErrorCode = keyof typeof errorCodes;

/** One fault of an input: where (`a.b[2]`), a short code and a sentence. */
export interface FieldError {
  path: string;
  code: string;
  message: string;
}

export interface ErrorExtras {
  /** A sentence for the person; never holds a token, an e-mail address or somebody's name. */
  detail?: string;
  /** Values that a client may put into its own sentence: ids, counts, codes. */
  params?: Record<string, string | number | boolean>;
  errors?: FieldError[];
  /** Seconds. */
  retryAfter?: number;
  /** The thing that stands in the way, e.g. the run that a plan was executed as. */
  resource?: { type: string; id: string; href: string };
  /** What to do about it. */
  action?: { code: string; href: string };
}

/** An expected failure with a code of the table above. */
export class DomainError extends Error {
  override readonly name = 'DomainError';
  constructor(
    readonly code: ErrorCode,
    readonly extras: ErrorExtras = {},
  ) {
    super(code);
  }
}

/**
 * What a provider's failure means to us:
 * `rate_limited` not processed, wait · `unauthorized` the access token is not taken · `forbidden` renewing does not help ·
 * `not_found` · `invalid` our request is refused as it is · `unavailable` not processed, try again ·
 * `outcome_unknown` it may have been processed: read back before anything else.
 */
export const providerFailureClasses = [
  'rate_limited',
  'unauthorized',
  'forbidden',
  'not_found',
  'invalid',
  'unavailable',
  'outcome_unknown',
] as const;
export type ProviderFailureClass = (typeof providerFailureClasses)[number];

/** A provider's failure, cut down to what may be kept: class, HTTP status, seconds to wait and a short code. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  constructor(
    readonly failure: ProviderFailureClass,
    readonly details: { status?: number; retryAfterSeconds?: number; code?: string } = {},
  ) {
    super(failure);
  }
}

/** Whether doing the same again can help without a person or a new token. */
export function isRetryable(failure: ProviderFailureClass): boolean {
  return failure === 'rate_limited' || failure === 'unavailable' || failure === 'outcome_unknown';
}
