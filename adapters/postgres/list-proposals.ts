import { DomainError } from '../../domain/errors';
import {
  type ListedArtist,
  mostOpenProposals,
  type ProposalState,
  type ProposedChange,
} from '../../domain/list-proposals';
import { assertPublishable } from '../../domain/list-rules';
import { announce } from './announcements';
import { audit } from './audit';
import { type CurrentId, currentArtistIds } from './current-artists';
import { givenIds } from './erasure';
import { newId } from './ids';
import { examine } from './list-examination';
import { isShared, keepersOf, type ListRow, looksAfter } from './lists';
import type { EntityManager } from './orm';

export interface ProposalRow {
  id: string;
  listId: string;
  userId: string | null;
  state: ProposalState;
  additions: ListedArtist[];
  removals: string[];
  note: string | null;
  versionNumber: number | null;
  createdAt: string;
  decidedAt: string | null;
}

const columns = `p.id, p.list_id as "listId", p.user_id as "userId", p.state, p.additions, p.removals, p.note, p.version_number as "versionNumber", p.created_at as "createdAt", p.decided_at as "decidedAt"`;

/**
 * Proposes to change a list, in the caller's transaction, which holds it; those who look after it are told. Throws DomainError
 * `list_rules_broken` where what is to be added could never be, `limit_reached`.
 * @returns the proposal's id
 */
export async function propose(
  tx: EntityManager,
  {
    list,
    userId,
    change,
    note,
    requestId,
  }: { list: ListRow; userId: string; change: ProposedChange; note: string | null; requestId: string | null },
): Promise<string> {
  const { name, description, criteria } = list;
  const texts = { shared: isShared(list), name, description, criteria, note };
  const { findings, entries } = await examine(tx, list.id, { ...texts, entries: change.additions });
  assertPublishable(findings);
  const current = await currentArtistIds(tx, change.removals);
  const [{ n } = { n: 0 }] = await tx.execute<{ n: number }[]>(
    `select count(*)::int as n from list_proposals where list_id = ? and user_id = ? and state = 'open'`,
    [list.id, userId],
  );
  if (n >= mostOpenProposals) throw new DomainError('limit_reached', { params: { most: mostOpenProposals } });
  const id = newId();
  await tx.execute(
    `insert into list_proposals (id, list_id, user_id, additions, removals, note) values (?, ?, ?, ?::jsonb, ?::jsonb, ?)`,
    [id, list.id, userId, JSON.stringify(entries), JSON.stringify([...new Set(change.removals.map(current))]), note],
  );
  const details = { listId: list.id, additions: entries.length, removals: change.removals.length };
  const subject = { subjectType: 'list_proposal', subjectId: id, details };
  audit(tx, { actorId: userId, event: 'list.proposal_made', outcome: 'done', ...subject, requestId });
  for (const keeper of await keepersOf(tx, list.id))
    if (keeper !== userId)
      await announce(tx, keeper, { type: 'list.proposal_made', params: { listId: list.id, proposalId: id } });
  return id;
}

/** What was proposed for a list, newest first: to those who look after it, and to everybody else their own. */
export async function listProposals(
  em: EntityManager,
  list: ListRow,
  asked: { userId: string; state: ProposalState | null; after: string | null; limit: number },
): Promise<ProposalRow[]> {
  return em.execute<ProposalRow[]>(
    `select ${columns} from list_proposals p where p.list_id = ? and (?::boolean or p.user_id = ?) and (?::text is null or p.state = ?)
       and (?::uuid is null or p.id < ?) order by p.id desc limit ?`,
    [list.id, looksAfter(list.part), asked.userId, asked.state, asked.state, asked.after, asked.after, asked.limit],
  );
}

export async function findProposal(
  em: EntityManager,
  { listId, proposalId, held }: { listId: string; proposalId: string; held: boolean },
): Promise<ProposalRow | null> {
  const [row] = await em.execute<ProposalRow[]>(
    `select ${columns} from list_proposals p where p.id = ? and p.list_id = ? ${held ? 'for update' : ''}`,
    [proposalId, listId],
  );
  return row ?? null;
}

/** What a proposal would change, by the artists' present ids. */
export const changeOf = ({ additions, removals }: ProposalRow, current: CurrentId): ProposedChange => ({
  additions: additions.map(({ artistId, reason }) => ({ artistId: current(artistId), reason })),
  removals: removals.map(current),
});

/** Names of the artists that proposals name, by whatever id of theirs. */
export async function proposedNames(
  em: EntityManager,
  proposals: readonly ProposalRow[],
): Promise<(artistId: string) => { artistId: string; artistName: string }> {
  const ids = proposals.flatMap(({ additions, removals }) => [
    ...additions.map(({ artistId }) => artistId),
    ...removals,
  ]);
  const current = await currentArtistIds(em, ids);
  const rows = await em.execute<{ id: string; name: string }[]>(
    `select id, name from artists where id in ${givenIds}`,
    [JSON.stringify(ids.map(current))],
  );
  const names = new Map(rows.map(({ id, name }) => [id, name]));
  return (artistId) => ({ artistId: current(artistId), artistName: names.get(current(artistId)) ?? '' });
}
