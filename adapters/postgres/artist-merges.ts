import {
  chooseKept,
  judgeMerge,
  type MergeBand,
  type MergeCandidate,
  type MergeDecision,
  type MergeEvidence,
  type MergeState,
} from '../../domain/artist-merges';
import { DomainError } from '../../domain/errors';
import { applyMerge, family, takeMergeBack } from './artist-merge-apply';
import { audit } from './audit';
import { currentArtistIds, holdArtists, holdMergesOff } from './current-artists';
import { givenIds } from './erasure';
import { newId } from './ids';
import type { EntityManager } from './orm';

/** Two artists that the machine takes for one. Which of them is kept is decided here, by `chooseKept`. */
export interface MergeProposal {
  keptArtistId: string;
  mergedArtistId: string;
  score: number;
  band: MergeBand;
  evidence: MergeEvidence;
}

/**
 * `applied`: they are one now · `pending`: a person is asked · `already_one` · `refused`: a person has said no to these two, or to
 * two whom they became, or took that back.
 */
export type ProposalOutcome =
  { outcome: 'applied' | 'pending'; mergeId: string } | { outcome: 'already_one' | 'refused' };

/**
 * Takes note that two artists may be one, once for a pair, and makes them one where that is sure. It waits for whoever writes about
 * artists: let nothing come before it in its transaction. Throws DomainError `not_found` for an artist that the catalog doesn't have.
 */
export async function proposeMerge(tx: EntityManager, proposal: MergeProposal): Promise<ProposalOutcome> {
  const { band, score, evidence } = proposal;
  await (band === 'accept' ? holdArtists(tx) : holdMergesOff(tx));
  const current = await currentArtistIds(tx, [proposal.keptArtistId, proposal.mergedArtistId]);
  const [artistId, otherId] = [current(proposal.keptArtistId), current(proposal.mergedArtistId)].sort();
  if (!artistId || !otherId || artistId === otherId) return { outcome: 'already_one' };
  if (await wasRefused(tx, artistId, otherId)) return { outcome: 'refused' };
  const { kept, merged } = await candidates(tx, artistId, otherId);
  const id = newId();
  const made = await tx.execute<{ id: string }[]>(
    `insert into artist_merges (id, artist_id, other_id, kept_id, merged_id, band, score, evidence) values (?, ?, ?, ?, ?, ?, ?, ?::jsonb)
     on conflict (artist_id, other_id) do nothing returning id`,
    [id, artistId, otherId, kept.id, merged.id, band, score, JSON.stringify(evidence)],
  );
  const mergeId = made[0]?.id ?? (await waiting(tx, artistId, otherId));
  if (mergeId === null) return { outcome: 'refused' };
  const record = { actorId: null, outcome: 'done', subjectType: 'artist_merge', subjectId: mergeId } as const;
  if (made.length > 0) audit(tx, { ...record, event: 'artist_merge.proposed', details: { band, score } });
  if (band === 'review') return { outcome: 'pending', mergeId };
  await tx.execute(`update artist_merges set band = ?, score = ?, evidence = ?::jsonb where id = ?`, [
    band,
    score,
    JSON.stringify(evidence),
    mergeId,
  ]);
  const counts = await carryOut(tx, mergeId, { keptId: kept.id, mergedId: merged.id });
  audit(tx, { ...record, event: 'artist_merge.applied', details: counts });
  return { outcome: 'applied', mergeId };
}

/** A merge as it stands. */
export interface StoredMerge {
  id: string;
  artistId: string;
  otherId: string;
  keptId: string;
  mergedId: string;
  state: MergeState;
  band: MergeBand;
  score: number;
  evidence: MergeEvidence;
  proposedAt: Date;
  decidedAt: Date | null;
}

interface RawMerge {
  id: string;
  artist_id: string;
  other_id: string;
  kept_id: string;
  merged_id: string;
  state: MergeState;
  band: MergeBand;
  score: number;
  evidence: MergeEvidence;
  proposed_at: string;
  decided_at: string | null;
}

const columns = `m.id, m.artist_id, m.other_id, m.kept_id, m.merged_id, m.state, m.band, m.score, m.evidence, m.proposed_at, m.decided_at`;

const mergeOf = (row: RawMerge): StoredMerge => ({
  id: row.id,
  artistId: row.artist_id,
  otherId: row.other_id,
  keptId: row.kept_id,
  mergedId: row.merged_id,
  state: row.state,
  band: row.band,
  score: row.score,
  evidence: row.evidence,
  proposedAt: new Date(row.proposed_at),
  decidedAt: row.decided_at === null ? null : new Date(row.decided_at),
});

/** Pairs, newest first, after the one named. Of those that wait, whoever has become one otherwise is left out. */
export async function listMerges(
  em: EntityManager,
  { state, limit, after }: { state: MergeState | null; limit: number; after: string | null },
): Promise<StoredMerge[]> {
  const rows = await em.execute<RawMerge[]>(
    `select ${columns} from artist_merges m left join former_artists f on f.id = m.artist_id left join former_artists g on g.id = m.other_id
     where (?::text is null or m.state = ?) and (?::uuid is null or m.id < ?::uuid)
       and (m.state <> 'pending' or coalesce(f.artist_id, m.artist_id) <> coalesce(g.artist_id, m.other_id))
     order by m.id desc limit ?`,
    [state, state, after, after, limit],
  );
  return rows.map(mergeOf);
}

/**
 * Does what a person decided about a pair, or says why not; the denial is recorded beside it. Deciding the same again changes nothing.
 * Null where there is no such pair.
 */
export async function decideMerge(
  tx: EntityManager,
  { mergeId, decision, actorId, requestId }: Decision,
): Promise<{ merge: StoredMerge } | { denied: DomainError } | null> {
  await holdArtists(tx);
  const [before] = (
    await tx.execute<RawMerge[]>(`select ${columns} from artist_merges m where m.id = ? for update`, [mergeId])
  ).map(mergeOf);
  if (!before) return null;
  const record = { actorId, subjectType: 'artist_merge', subjectId: mergeId, requestId };
  const judged = judgeMerge(decision, before.state);
  if (judged === 'done_already') return { merge: before };
  const done = judged === 'carry_out' ? await carryOutDecision(tx, before, decision) : { obstacle: before.state };
  if ('obstacle' in done) {
    const { obstacle: reason } = done;
    const event = `artist_merge.${decision}`;
    audit(tx, { ...record, event, outcome: 'denied', details: { code: 'artist_merge_not_possible', reason } });
    return { denied: new DomainError('artist_merge_not_possible', { params: { reason } }) };
  }
  audit(tx, { ...record, event: `artist_merge.${eventOf[decision]}`, outcome: 'done', details: done });
  const [after] = await tx.execute<RawMerge[]>(`select ${columns} from artist_merges m where m.id = ?`, [mergeId]);
  return { merge: after ? mergeOf(after) : before };
}

interface Decision {
  mergeId: string;
  decision: MergeDecision;
  actorId: string;
  requestId: string | null;
}

const eventOf = { approve: 'applied', reject: 'rejected', undo: 'undone' } as const satisfies Record<
  MergeDecision,
  string
>;

async function carryOutDecision(
  tx: EntityManager,
  { id, artistId, otherId, mergedId }: StoredMerge,
  decision: MergeDecision,
): Promise<Record<string, number> | { obstacle: string }> {
  if (decision === 'approve') {
    const current = await currentArtistIds(tx, [artistId, otherId]);
    if (current(artistId) === current(otherId)) return { obstacle: 'already_one' };
    const { kept, merged } = await candidates(tx, current(artistId), current(otherId));
    return carryOut(tx, id, { keptId: kept.id, mergedId: merged.id });
  }
  const counts = decision === 'undo' ? await takeMergeBack(tx, mergedId) : {};
  if (counts === null) throw new Error('A merge that stands has no former artist.');
  await tx.execute(`update artist_merges set state = ?, decided_at = now() where id = ?`, [
    decision === 'undo' ? 'undone' : 'rejected',
    id,
  ]);
  return { ...counts };
}

async function carryOut(
  tx: EntityManager,
  mergeId: string,
  pair: { keptId: string; mergedId: string },
): Promise<{ moved: number; setAside: number }> {
  const counts = await applyMerge(tx, pair);
  await tx.execute(
    `update artist_merges set state = 'applied', kept_id = ?, merged_id = ?, decided_at = now() where id = ?`,
    [pair.keptId, pair.mergedId, mergeId],
  );
  return counts;
}

/** Whether a person has kept apart any two that these would join. */
async function wasRefused(tx: EntityManager, artistId: string, otherId: string): Promise<boolean> {
  const [ones, others] = [JSON.stringify(await family(tx, artistId)), JSON.stringify(await family(tx, otherId))];
  const rows = await tx.execute<{ id: string }[]>(
    `select id from artist_merges where state in ('rejected', 'undone')
       and (artist_id in ${givenIds} and other_id in ${givenIds} or artist_id in ${givenIds} and other_id in ${givenIds}) limit 1`,
    [ones, others, others, ones],
  );
  return rows.length > 0;
}

/** The pair's row where it waits for a person. */
async function waiting(tx: EntityManager, artistId: string, otherId: string): Promise<string | null> {
  const [row] = await tx.execute<{ id: string }[]>(
    `select id from artist_merges where artist_id = ? and other_id = ? and state = 'pending' for update`,
    [artistId, otherId],
  );
  return row?.id ?? null;
}

/** Who of two artists of now would be kept. Throws DomainError `not_found` where the catalog does not have both. */
async function candidates(
  tx: EntityManager,
  artistId: string,
  otherId: string,
): Promise<{ kept: MergeCandidate; merged: MergeCandidate }> {
  const rows = await tx.execute<{ id: string; ids: number; credits: number; created_at: string }[]>(
    `select a.id, a.created_at, (select count(*)::int from artist_provider_ids i where i.artist_id = a.id) as ids,
       (select count(*)::int from track_artists c where c.artist_id = a.id) + (select count(*)::int from album_artists c where c.artist_id = a.id) as credits
     from artists a where a.id in ${givenIds}`,
    [JSON.stringify([artistId, otherId])],
  );
  const [one, other] = rows.map((row) => ({ ...row, createdAt: new Date(row.created_at) }));
  if (!one || !other) throw new DomainError('not_found');
  return chooseKept(one, other);
}
