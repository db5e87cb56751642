import { createHash } from 'node:crypto';
import { DomainError } from '../../domain/errors';
import { evidencePage } from '../../domain/evidence-address';
import type { ParsedEvidence } from '../../domain/offense-input';
import { audit } from './audit';
import { newId } from './ids';
import { queueOffense } from './offense-queue';
import { evidenceOf, findOffense } from './offense-reads';
import type { EntityManager } from './orm';
import { beginSubmission, type SubmissionObstacle, type Submitting } from './submission-limits';

/** As many sources as an entry can have. */
export const mostEvidence = 50;

/** Writes sources of an entry. Where nobody says what the page's digest was, it is the excerpt's. */
export async function storeEvidence(
  tx: EntityManager,
  { offenseId, userId, evidence }: { offenseId: string; userId: string; evidence: readonly ParsedEvidence[] },
): Promise<string[]> {
  const ids: string[] = [];
  for (const { url, title, source, excerpt, publishedOn, archivedUrl, retrievedAt, hash } of evidence) {
    const id = newId();
    ids.push(id);
    const digest = hash ?? createHash('sha256').update(excerpt).digest('hex');
    await tx.execute(
      `insert into offense_evidence (id, offense_id, user_id, url, title, source, excerpt, published_on, archived_url, retrieved_at, content_digest)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [id, offenseId, userId, url, title, source, excerpt, publishedOn, archivedUrl, retrievedAt, digest],
    );
  }
  return ids;
}

/** Addresses of an entry's sources and of their archived copies. */
export async function addressesOf(em: EntityManager, offenseId: string): Promise<string[]> {
  const rows = await em.execute<{ url: string; archived_url: string | null }[]>(
    `select url, archived_url from offense_evidence where offense_id = ?`,
    [offenseId],
  );
  return rows.flatMap(({ url, archived_url: archived }) => (archived === null ? [url] : [url, archived]));
}

/**
 * Adds a source to an entry that the person sees, and puts that before the moderators: to one that is verified already as well, where
 * it waits, unseen by others, until one has looked. Throws DomainError `not_found`, `not_editable` for an entry that was rejected,
 * `too_many_sources` and `duplicate_evidence`.
 */
export async function addEvidence(
  tx: EntityManager,
  { offenseId, evidence, ...submitting }: Submitting & { offenseId: string; evidence: ParsedEvidence },
): Promise<{ evidenceId: string } | { denied: SubmissionObstacle }> {
  const { reader, requestId } = submitting;
  const { userId } = reader;
  const denied = await beginSubmission(tx, submitting, 'evidence');
  if (denied) return { denied };
  await tx.execute(`select id from offenses where id = ? for update`, [offenseId]);
  const offense = await findOffense(tx, reader, offenseId);
  if (!offense) throw new DomainError('not_found');
  if (offense.status === 'rejected') throw new DomainError('not_editable', { params: { status: offense.status } });
  const [held] = await tx.execute<{ n: number }[]>(
    `select count(*)::int as n from offense_evidence where offense_id = ?`,
    [offenseId],
  );
  if ((held?.n ?? 0) >= mostEvidence) throw new DomainError('too_many_sources', { params: { most: mostEvidence } });
  // What somebody else added and nobody has looked at stands in nobody's way.
  const page = evidencePage(evidence.url);
  const seen = await evidenceOf(tx, reader, offenseId);
  if (seen.some(({ url }) => evidencePage(url) === page)) throw new DomainError('duplicate_evidence');
  const [evidenceId = ''] = await storeEvidence(tx, { offenseId, userId, evidence: [evidence] });
  await queueOffense(tx, { offenseId, userId, requestId });
  audit(tx, {
    actorId: userId,
    event: 'offense.evidence_added',
    outcome: 'done',
    subjectType: 'offense',
    subjectId: offenseId,
    details: { evidenceId },
    requestId,
  });
  return { evidenceId };
}
