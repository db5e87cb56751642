import type { ComparedOffense } from '../../domain/offense-duplicates';
import { occurrenceFaults, type ParsedEvidence } from '../../domain/offense-input';
import type { OffenseCategory, OffenseSeverity } from '../../domain/offenses';
import { DomainError } from '../../domain/errors';
import { artistExists } from './artist-restores';
import { audit } from './audit';
import { databaseNow } from './clock';
import { currentArtistId, heldArtistId, holdMergesOff } from './current-artists';
import { newId } from './ids';
import { type DuplicateSearch, findDuplicate, holdSubmissions, type KnownDuplicate } from './known-offenses';
import { addressesOf, storeEvidence } from './offense-evidence';
import { queueOffense } from './offense-queue';
import { findOffense, type StoredOffense } from './offense-reads';
import type { EntityManager } from './orm';
import { beginSubmission, type SubmissionObstacle, type Submitting } from './submission-limits';

/** What an entry says. */
export interface OffenseContent {
  artistId: string;
  category: OffenseCategory;
  severity: OffenseSeverity;
  title: string;
  description: string | null;
  occurredFrom: string | null;
  occurredUntil: string | null;
}

/** A refusal is on record, so it is thrown after the commit only. */
export type SubmissionOutcome = { offenseId: string } | { denied: SubmissionObstacle };

/**
 * Writes a new entry with its sources and opens a case about it, in the caller's transaction. Let nothing come before it there.
 * Throws DomainError `not_found` for an artist that the catalog doesn't have, and `DuplicateFound`.
 */
export async function submitOffense(
  tx: EntityManager,
  { content, evidence, ...submitting }: Submitting & { content: OffenseContent; evidence: readonly ParsedEvidence[] },
): Promise<SubmissionOutcome> {
  const { reader, requestId } = submitting;
  const { userId } = reader;
  const artistId = await heldArtistId(tx, content.artistId);
  const denied = await beginSubmission(tx, submitting, 'offense');
  if (denied) return { denied };
  if (!(await artistExists(tx, artistId))) throw new DomainError('not_found');
  const search = { artistId, category: content.category, ...reader, except: null };
  await holdSubmissions(tx, search);
  const addresses = evidence.flatMap(({ url, archivedUrl }) => (archivedUrl ? [url, archivedUrl] : [url]));
  await refuseDuplicates(tx, search, { ...content, addresses });
  const id = newId();
  // By the id that was given: where that one was merged and is parted again, the entry goes along.
  await tx.execute(
    `insert into offenses (id, user_id, artist_id, category, severity, title, description, occurred_from, occurred_until)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [id, userId, ...valuesOf(content)],
  );
  await storeEvidence(tx, { offenseId: id, userId, evidence });
  audit(tx, {
    actorId: userId,
    event: 'offense.submitted',
    outcome: 'done',
    subjectType: 'offense',
    subjectId: id,
    details: { category: content.category, severity: content.severity, sources: evidence.length },
    requestId,
  });
  await queueOffense(tx, { offenseId: id, userId, requestId });
  return { offenseId: id };
}

/** Changes to an entry; what isn't named stays. */
export type OffenseChange = Partial<OffenseContent> & { version: number };

/**
 * Changes an entry of the person's own while nobody has decided about it, and puts its case back into the queue. Throws DomainError
 * `not_found`, `not_editable`, `version_conflict`, `invalid_request` where its dates would not fit together, and `DuplicateFound`.
 */
export async function changeOffense(
  tx: EntityManager,
  { offenseId, change, ...submitting }: Submitting & { offenseId: string; change: OffenseChange },
): Promise<SubmissionOutcome> {
  const { reader, requestId } = submitting;
  const { userId } = reader;
  await holdMergesOff(tx);
  const given = change.artistId === undefined ? null : await currentArtistId(tx, change.artistId);
  const denied = await beginSubmission(tx, submitting, 'change');
  if (denied) return { denied };
  const before = editable(await findOffense(tx, reader, offenseId), userId, change.version);
  const content: OffenseContent = { ...before, ...definedOf(change), artistId: given ?? before.artistId };
  const faults = occurrenceFaults(content, { root: 'body', now: await databaseNow(tx) });
  if (faults.length > 0) throw new DomainError('invalid_request', { errors: faults });
  if (!(await artistExists(tx, content.artistId))) throw new DomainError('not_found');
  const search = { artistId: content.artistId, category: content.category, ...reader, except: offenseId };
  await holdSubmissions(tx, search);
  await tx.execute(`select id from offenses where id = ? for update`, [offenseId]);
  editable(await findOffense(tx, reader, offenseId), userId, change.version);
  await refuseDuplicates(tx, search, { ...content, addresses: await addressesOf(tx, offenseId) });
  const [artistId, ...others] = valuesOf({ ...content, artistId: change.artistId ?? before.artistId });
  await tx.execute(
    `update offenses set category = ?, severity = ?, title = ?, description = ?, occurred_from = ?, occurred_until = ?, version = version + 1 where id = ?`,
    [...others, offenseId],
  );
  if (given !== null)
    await tx.execute(`update offenses set given_artist_id = null, artist_id = ? where id = ?`, [artistId, offenseId]);
  await queueOffense(tx, { offenseId, userId, requestId });
  audit(tx, {
    actorId: userId,
    event: 'offense.changed',
    outcome: 'done',
    subjectType: 'offense',
    subjectId: offenseId,
    requestId,
  });
  return { offenseId };
}

/** Another entry says the same: nothing of what was begun stays. */
export class DuplicateFound extends Error {
  override readonly name = 'DuplicateFound';
  constructor(readonly duplicate: KnownDuplicate) {
    super('duplicate');
  }
}

async function refuseDuplicates(tx: EntityManager, search: DuplicateSearch, fresh: ComparedOffense): Promise<void> {
  const duplicate = await findDuplicate(tx, search, fresh);
  if (duplicate) throw new DuplicateFound(duplicate);
}

function editable(offense: StoredOffense | null, userId: string, version: number): StoredOffense {
  if (offense?.submitterId !== userId) throw new DomainError('not_found');
  if (offense.status !== 'pending') throw new DomainError('not_editable', { params: { status: offense.status } });
  if (offense.version !== version) throw new DomainError('version_conflict', { params: { version: offense.version } });
  return offense;
}

const valuesOf = ({ artistId, category, severity, title, description, ...dates }: OffenseContent) =>
  [artistId, category, severity, title, description, dates.occurredFrom, dates.occurredUntil] as const;

const definedOf = <T extends object>(changes: T): Partial<T> =>
  Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as Partial<T>;
