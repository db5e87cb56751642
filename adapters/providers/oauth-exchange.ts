/** Exchanging, refreshing and revoking tokens, in two steps: ask once and keep the answer, then check what was kept. */
export { oauthProviders, type OauthProvider, type OauthProviders } from './oauth-provider';
export {
  requestRefresh,
  requestTokens,
  revokeToken,
  type CallbackFlow,
  type ExchangeAttempt,
  type TokenAnswer,
} from './token-request';
export { classifyAnswer, verifyRefresh, verifyTokens, type AnswerKind, type VerifiedTokens } from './token-answer';
