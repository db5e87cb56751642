import { abandonFlow } from './sign-in/abandon-flow';
import type { SignInDeps } from './sign-in/deps';
import { exchangeCode } from './sign-in/exchange-code';
import { linkVerified } from './sign-in/link-verified';

/** The steps of `linkAccount`. Each can be repeated; they return codes, and everything else stays in the flow's row. */
export function createSignInActivities(deps: SignInDeps) {
  return {
    /** Exchanges the code, once if it can be helped, and keeps the sealed answer. */
    exchangeCode: (transactionId: string) => exchangeCode(deps, transactionId),
    /** Verifies the kept answer and links or makes what the flow is for. */
    linkVerified: (transactionId: string) => linkVerified(deps, transactionId),
    /** Takes back what the provider gave and ends the flow with a code. */
    abandonFlow: (transactionId: string, code: string) => abandonFlow(deps, transactionId, code),
  };
}
