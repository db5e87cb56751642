import { DomainError } from '../../domain/errors';
import { proposalDenial, proposalEnds, type ProposalVerb, withProposal } from '../../domain/list-proposals';
import { announce } from './announcements';
import { audit } from './audit';
import { type CurrentId, heldArtistIds } from './current-artists';
import { idsOfPerson } from './erasure';
import { changeOf, findProposal, type ProposalRow } from './list-proposals';
import { publishVersion } from './list-publishing';
import { artistsOfVersion, versionId } from './list-versions';
import { holdList, type ListRow, looksAfter } from './lists';
import type { EntityManager } from './orm';

interface ProposalDecision {
  listId: string;
  proposalId: string;
  verb: ProposalVerb;
  actorId: string;
  /** Of an approval: the newest version that its decider knows of. */
  basedOn: number;
  requestId: string | null;
}

type Denial = NonNullable<ReturnType<typeof proposalDenial>> | 'version_in_review';

/**
 * Decides about a proposal, or says why not; the denial is recorded. An approval makes the list's next version of what counts now, in the
 * same transaction, so that there is one of it however often it is asked for. Throws DomainError as `publishVersion` does.
 */
export async function decideProposal(
  tx: EntityManager,
  decision: ProposalDecision,
): Promise<{ denied: Denial } | { denied: null }> {
  const { listId, proposalId, verb, actorId } = decision;
  const named = await findProposal(tx, { listId, proposalId, held: false });
  if (!named) return { denied: 'not_found' };
  const current = await heldArtistIds(tx, [...named.additions.map(({ artistId }) => artistId), ...named.removals]);
  const list = await holdList(tx, listId, actorId);
  const proposal = await findProposal(tx, { listId, proposalId, held: true });
  if (!list || !proposal) return { denied: 'not_found' };
  const own = proposal.userId !== null && (await idsOfPerson(tx, actorId)).includes(proposal.userId);
  const denied = proposalDenial(verb, { own, looksAfter: looksAfter(list.part), state: proposal.state });
  if (denied) return refuse(tx, decision, denied);
  if (verb === 'approve' && list.inReview !== null) return refuse(tx, decision, 'version_in_review');
  const number = verb === 'approve' ? await carryOut(tx, decision, { list, proposal, current }) : null;
  await tx.execute(
    `update list_proposals set state = ?, decided_by = ?, decided_at = now(), version_number = ? where id = ?`,
    [proposalEnds[verb], actorId, number, proposalId],
  );
  audit(tx, { ...about(decision), event: `list.proposal_${proposalEnds[verb]}`, outcome: 'done' });
  if (!own && proposal.userId !== null)
    await announce(tx, proposal.userId, {
      type: 'list.proposal_decided',
      params: { listId, proposalId, state: proposalEnds[verb], ...(number === null ? {} : { number }) },
    });
  return { denied: null };
}

async function carryOut(
  tx: EntityManager,
  { actorId, basedOn, requestId }: ProposalDecision,
  { list, proposal, current }: { list: ListRow; proposal: ProposalRow; current: CurrentId },
): Promise<number> {
  const counting = await versionId(tx, list.id, list.latestVersion);
  const now = counting ? await artistsOfVersion(tx, counting) : [];
  const entries = withProposal(now, changeOf(proposal, current));
  return publishVersion(tx, { list, publisherId: actorId, entries, note: proposal.note, basedOn, requestId }, current);
}

function refuse(tx: EntityManager, decision: ProposalDecision, denied: Denial): { denied: Denial } {
  const record = about(decision);
  const details = { ...record.details, code: denied };
  audit(tx, { ...record, event: `list.proposal_${decision.verb}`, outcome: 'denied', details });
  return { denied };
}

const about = ({ listId, proposalId, actorId, requestId }: ProposalDecision) => ({
  actorId,
  subjectType: 'list_proposal',
  subjectId: proposalId,
  details: { listId },
  requestId,
});

/** Throws DomainError of a denial. */
export function assertDecided({ denied }: { denied: Denial | null }): void {
  if (denied) throw new DomainError(denied);
}
