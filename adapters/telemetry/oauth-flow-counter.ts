import { Counter, type Registry } from 'prom-client';

export interface FlowEndLabels {
  provider: string;
  /** `sign_in`, `link` or `connect`. */
  purpose: string;
  /** `ok`, `abandoned`, or the code that the flow failed with. */
  outcome: string;
}

/**
 * Counts ends of sign-in and connect flows. The process whose change to the flow's row ended it counts, once: a worker mostly,
 * the API where the person or the provider refused.
 */
export function oauthFlowCounter(registry: Registry): (end: FlowEndLabels) => void {
  const counter = new Counter({
    name: 'dnp_oauth_flows_total',
    help: 'Sign-in and connect flows that ended, by outcome.',
    labelNames: ['provider', 'purpose', 'outcome'],
    registers: [registry],
  });
  return ({ provider, purpose, outcome }) => counter.inc({ provider, purpose, outcome });
}
