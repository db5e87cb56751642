import type { SourcedMatch } from '../../domain/linkage/sourced-recordings';
import { type MatchBand, type MatchState, stateUnasked } from '../../domain/recording-matches';
import { givenIds } from './erasure';
import { newId } from './ids';
import { creditedArtist } from './graph-tracks';
import type { EntityManager } from './orm';
import { markPlansOfDecidersStale } from './plans';

/** Two that the machine takes for one recording, or asks about; in the order of `pairOf`. */
export interface ProposedMatch extends SourcedMatch {
  oneId: string;
  otherId: string;
  band: MatchBand;
}

/** Of pairs that no person has decided about: what each of these was matched with. */
export async function matchedBefore(em: EntityManager, ids: readonly string[]): Promise<Map<string, string[]>> {
  const given = JSON.stringify(ids);
  const rows = await em.execute<{ id: string; other: string }[]>(
    `select one_id as id, other_id as other from recording_matches where decided_at is null and one_id in ${givenIds}
     union select other_id, one_id from recording_matches where decided_at is null and other_id in ${givenIds}`,
    [given, given],
  );
  const found = new Map<string, string[]>();
  for (const { id, other } of rows) found.set(id, [...(found.get(id) ?? []), other]);
  return found;
}

interface Pair {
  id: string;
  oneId: string;
  otherId: string;
  state: MatchState;
}

/**
 * Makes what was found all that these tracks and recordings are matched with, but for what a person has decided. The same again
 * changes nothing. Says how many pairs began to wait for a person.
 */
export async function keepMatches(
  tx: EntityManager,
  looked: readonly string[],
  proposed: readonly ProposedMatch[],
): Promise<number> {
  const given = JSON.stringify(looked);
  const before = await tx.execute<Pair[]>(
    `select id, one_id as "oneId", other_id as "otherId", state from recording_matches
     where decided_at is null and (one_id in ${givenIds} or other_id in ${givenIds}) order by id for update`,
    [given, given],
  );
  const found = new Map(proposed.map((match) => [keyOf(match), match]));
  const gone = before.filter((pair) => !found.has(keyOf(pair)));
  await tx.execute(`delete from recording_matches where id in ${givenIds}`, [JSON.stringify(gone.map(({ id }) => id))]);
  const written = await writeMatches(tx, [...found.values()]);
  const was = new Map(before.map((pair) => [keyOf(pair), pair.state]));
  const inEffect = (state: MatchState | undefined) => state === 'accepted';
  await forgetPlansOn(tx, [
    ...gone.filter(({ state }) => inEffect(state)),
    ...written.filter((pair) => inEffect(was.get(keyOf(pair))) !== inEffect(pair.state)),
  ]);
  return written.filter((pair) => pair.state === 'pending' && was.get(keyOf(pair)) !== 'pending').length;
}

const keyOf = ({ oneId, otherId }: { oneId: string; otherId: string }) => `${oneId} ${otherId}`;

/** Answers the rows that are new or changed. */
async function writeMatches(tx: EntityManager, matches: readonly ProposedMatch[]): Promise<Pair[]> {
  const rows = matches
    .map((match) => ({ ...match, id: newId(), state: stateUnasked(match.band) }))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  return tx.execute<Pair[]>(
    `insert into recording_matches as old (id, one_id, other_id, means, state, band, score, doubts, evidence)
     select id, "oneId", "otherId", means, state, band, score, array(select jsonb_array_elements_text(doubts)), evidence
     from jsonb_to_recordset(?::jsonb) as r(id uuid, "oneId" uuid, "otherId" uuid, means text, state text, band text, score double precision, doubts jsonb, evidence jsonb)
     on conflict (one_id, other_id) do update set means = excluded.means, state = excluded.state, band = excluded.band, score = excluded.score,
         doubts = excluded.doubts, evidence = excluded.evidence
       where old.decided_at is null and (old.means, old.state, old.band, old.score, old.doubts, old.evidence)
         is distinct from (excluded.means, excluded.state, excluded.band, excluded.score, excluded.doubts, excluded.evidence)
     returning id, one_id as "oneId", other_id as "otherId", state`,
    [JSON.stringify(rows)],
  );
}

/** Plans that look at credits, of whoever decided anything about one who wrote or produced these recordings, turn stale. */
export async function forgetPlansOn(tx: EntityManager, pairs: readonly { otherId: string }[]): Promise<void> {
  if (pairs.length === 0) return;
  const credited = await tx.execute<{ id: string }[]>(
    `select distinct i.artist_id as id from recording_credits c join ${creditedArtist}
     where c.role in ('writer', 'producer') and c.recording_id in ${givenIds}`,
    [JSON.stringify(pairs.map(({ otherId }) => otherId))],
  );
  if (credited.length === 0) return;
  const ids = credited.map(({ id }) => id);
  await markPlansOfDecidersStale(tx, ids, 'recordings_matched', { lookingAtCredits: true });
}
