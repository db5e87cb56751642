/** How things stand with one provider quota, as an operator sees it. */
export interface GateState {
  state: 'open' | 'half_open' | 'closed';
  /** When it may be tried again, where it is closed for a known time. */
  closedUntil: Date | null;
  closedByAdmin: boolean;
  /** Calls that can be leased at this moment. */
  tokens: number;
}

/**
 * Lets calls through to a provider, one gate for each quota (a developer account, not a client id), shared by all
 * processes.
 */
export interface ProviderGate {
  /**
   * Takes the right to make one call for a connection; waits for it, a second at most. Connections that wait for one quota take
   * turns, however many calls each wants; calls without one share a place in that line. Throws ProviderError `rate_limited` with
   * `retryAfterSeconds` where the gate is closed or its calls are further away, `unavailable` where its state cannot be
   * read.
   */
  take(quota: string, provider: string, connectionId?: string): Promise<void>;
  /** A call was refused with 429: closes the gate for all processes. Never throws. */
  reportRateLimited(quota: string, provider: string, retryAfterSeconds: number): Promise<void>;
  /** A call was answered, well or not, with anything but a 429. Never throws: the call is done. */
  reportSuccess(quota: string): Promise<void>;
  state(quota: string): Promise<GateState>;
}
