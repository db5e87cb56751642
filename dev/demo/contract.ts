/*
 * The part of the HTTP contract that the demo relies on, written down here as an outside client would: more fields may
 * come, these stay.
 */

export interface Job {
  id: string;
  type: string;
  status: 'queued' | 'running' | 'waiting' | 'completed' | 'failed' | 'cancelled';
  phase: string | null;
  progress: { done: number; total: number };
  /** Null while the total is unknown. */
  percent: number | null;
  etaSeconds: number | null;
  waiting: { reason: string; until: string | null } | null;
  failure: { code: string } | null;
  /** For admins, and on the sandbox. */
  temporalUrl?: string;
}

export interface Connection {
  id: string;
  provider: string;
  health: string;
  library: { likes: number; albums: number; follows: number; playlists: number } | null;
}

export interface Artist {
  id: string;
  name: string;
  blocked: boolean;
  inLibrary: { tracks: number; playlists: number };
}

export interface Block {
  artistId: string;
  tags: string[];
}

/** One thing of a synced library, as `GET connections/{id}/library` lists it. */
export interface LibraryItem {
  uri: string | null;
  name: string | null;
  artists: { id: string; name: string }[];
  playlist?: { id: string; own: boolean; collaborative: boolean; readable: boolean };
}

export type ItemType = 'liked_track' | 'saved_album' | 'followed_artist' | 'followed_playlist' | 'playlist_track';

export interface Plan {
  id: string;
  status: string;
  counts: { total: number; included: number; byLoss: Record<string, number> };
  providerCalls: number | null;
  estimatedSeconds: number | null;
  runId: string | null;
}

export interface PlanItem {
  id: string;
  itemType: string;
  uri: string;
  name: string;
  artists: string[];
  playlist?: { id: string; name: string };
  positions?: number[];
  matches: { artistId: string; artistName: string; role: string; source: string }[];
  losses: string[];
  included: boolean;
  needsReview: boolean;
}

export interface Run {
  id: string;
  runType: 'enforce' | 'restore' | 'rollback';
  status: string;
  undone: 'none' | 'partly' | 'fully';
  counts: { included: number; pending: number; applied: number; skipped: number; failed: number };
  /** `rated` at Apple Music. */
  receipt: { untouched: number; removed: number; restored: number; unexplained: number; rated?: number } | null;
  providerCalls: number;
  finishedAt: string | null;
}

export interface Action {
  itemType: string;
  status: string;
  outcomeCode: string | null;
  losses: string[];
  approximate: boolean;
  name: string;
  uri: string;
  playlist?: { id: string; name: string | null };
}

/** A track of an Apple Music playlist that only the person can take out. */
export interface ChecklistItem {
  id: string;
  playlist: { id: string; name: string };
  name: string;
  done: boolean;
}

export interface RollbackPreview {
  total: number;
  exact: number;
  byLoss: Record<string, number>;
}

export interface Page<T> {
  items: T[];
  nextCursor: string | null;
}
