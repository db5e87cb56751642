/* The part of the HTTP contract about offenses, cases and appeals that the demo relies on, as `../contract.ts`. */

export interface SessionAnswer {
  user: { id: string; roles: string[] };
}

export interface Offense {
  id: string;
  category: string;
  status: 'pending' | 'sources_verified' | 'rejected' | 'contested';
  statusMeaning?: string;
}

export interface ModerationCase {
  id: string;
  subject: { type: string; id: string };
  version: number;
}

export interface CaseDecision {
  decision: { id: string };
}

export interface Appeal {
  id: string;
  state: string;
  version: number;
  deadlineAt: string;
}

export interface Notification {
  id: string;
  type: string;
  href: string | null;
  text: string;
}

export interface SourceRestore {
  source: { kind: string; offenseId?: string };
  total: number;
  exact: number;
  byLoss: Record<string, number>;
  skippedTotal: number;
}

export interface StartedSourceRestore {
  runs: { runId: string; jobId: string; actions: number }[];
}
