import type { MatchMeans, RecordingDoubt } from '../../domain/linkage/sourced-recordings';
import {
  type MatchBand,
  type MatchDecision,
  type MatchEvidence,
  type MatchState,
  stateAfter,
} from '../../domain/recording-matches';
import { audit } from './audit';
import type { EntityManager } from './orm';
import { forgetPlansOn } from './recording-matches';

/** A pair as it stands. */
export interface StoredMatch {
  id: string;
  oneId: string;
  otherId: string;
  means: MatchMeans;
  state: MatchState;
  band: MatchBand;
  score: number;
  doubts: RecordingDoubt[];
  evidence: MatchEvidence;
  proposedAt: Date;
  /** When a person decided; null where the machine alone did. */
  decidedAt: Date | null;
}

type RawMatch = Omit<StoredMatch, 'proposedAt' | 'decidedAt'> & { proposed_at: string; decided_at: string | null };

const columns = `id, one_id as "oneId", other_id as "otherId", means, state, band, score, doubts, evidence, proposed_at, decided_at`;

const matchOf = ({ proposed_at, decided_at, ...row }: RawMatch): StoredMatch => ({
  ...row,
  proposedAt: new Date(proposed_at),
  decidedAt: decided_at === null ? null : new Date(decided_at),
});

export interface MatchFilter {
  state: MatchState | null;
  means: MatchMeans | null;
  /** A track or an imported recording. */
  of: string | null;
}

/** Pairs, newest first, after the one named. */
export async function listMatches(
  em: EntityManager,
  { state, means, of, limit, after }: MatchFilter & { limit: number; after: string | null },
): Promise<StoredMatch[]> {
  const rows = await em.execute<RawMatch[]>(
    `select ${columns} from recording_matches where (?::text is null or state = ?) and (?::text is null or means = ?)
       and (?::uuid is null or one_id = ?::uuid or other_id = ?::uuid) and (?::uuid is null or id < ?::uuid) order by id desc limit ?`,
    [state, state, means, means, of, of, of, after, after, limit],
  );
  return rows.map(matchOf);
}

/** Writes down what a person decided about a pair, or takes that back. The same again changes nothing. Null where there is no such pair. */
export async function decideMatch(
  tx: EntityManager,
  {
    matchId,
    decision,
    actorId,
    requestId,
  }: { matchId: string; decision: MatchDecision; actorId: string; requestId: string | null },
): Promise<StoredMatch | null> {
  const [before] = (
    await tx.execute<RawMatch[]>(`select ${columns} from recording_matches where id = ? for update`, [matchId])
  ).map(matchOf);
  if (!before) return null;
  const state = stateAfter(decision, before.band);
  const decided = decision !== 'undo';
  if (state === before.state && decided === (before.decidedAt !== null)) return before;
  const [after] = await tx.execute<RawMatch[]>(
    `update recording_matches set state = ?, decided_at = case when ? then now() end where id = ? returning ${columns}`,
    [state, decided, matchId],
  );
  await forgetPlansOn(tx, state === before.state ? [] : [before]);
  audit(tx, {
    actorId,
    event: `recording_match.${decision}`,
    outcome: 'done',
    subjectType: 'recording_match',
    subjectId: matchId,
    details: { from: before.state, to: state },
    requestId,
  });
  return after ? matchOf(after) : before;
}
