/** Exchanging, refreshing and revoking tokens, in two steps: ask once and keep the answer, then check what was kept. */
export {
  oauthProviders,
  type IsPersonsApp,
  type OauthProvider,
  type OauthProviders,
  type VerifiedIdentity,
} from './oauth-provider';
export type { ExchangeAttempt, TokenAnswer } from './ask-once';
export { requestRefresh, requestTokens, type CallbackFlow } from './token-request';
export { revokeToken, revokeTokens, type HeldTokens, type RevokeOutcome } from './revocation';
export { claimedSubject, vouchedFor } from './kept-id-token';
export { classifyAnswer, verifyRefresh, verifyTokens, type AnswerKind, type VerifiedTokens } from './token-answer';
