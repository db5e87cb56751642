import { type ListVisibility, mostLists } from '../../domain/community-lists';
import { DomainError } from '../../domain/errors';
import { assertPublishable, examineTexts, type Finding, flagsOf } from '../../domain/list-rules';
import { audit } from './audit';
import { newId } from './ids';
import { examine } from './list-examination';
import { artistsOfVersion, versionId } from './list-versions';
import { isShared, type ListRow } from './lists';
import { openCase } from './moderation-cases';
import type { EntityManager } from './orm';

export interface ListTexts {
  name: string;
  description: string;
  criteria: string;
}

interface Changer {
  userId: string;
  requestId: string | null;
}

/**
 * Makes a list without a version. Nobody finds it before it has one that counts. Throws DomainError `list_rules_broken`,
 * `limit_reached`.
 * @returns its id
 */
export async function createList(
  tx: EntityManager,
  { userId, requestId }: Changer,
  { visibility, ...texts }: ListTexts & { visibility: ListVisibility },
): Promise<string> {
  const shared = visibility !== 'private';
  assertPublishable(examineTexts({ shared, ...texts }));
  await tx.execute(`select id from users where id = ? for no key update`, [userId]);
  const [{ n } = { n: 0 }] = await tx.execute<{ n: number }[]>(
    `select count(*)::int as n from community_lists where user_id = ?`,
    [userId],
  );
  if (n >= mostLists) throw new DomainError('limit_reached', { params: { most: mostLists } });
  const id = newId();
  await tx.execute(
    `insert into community_lists (id, user_id, name, description, criteria, visibility, open_from) values (?, ?, ?, ?, ?, ?, ?)`,
    [id, userId, texts.name, texts.description, texts.criteria, visibility, shared ? 1 : null],
  );
  const subject = { subjectType: 'list', subjectId: id, details: { visibility } };
  audit(tx, { actorId: userId, event: 'list.created', outcome: 'done', ...subject, requestId });
  return id;
}

/**
 * Changes what a list says about itself and who can read it, in the caller's transaction, which holds it. What the rules flag in words
 * that others read is shown to a moderator and stands meanwhile; a private list that they flag becomes what it is to be once a
 * moderator has approved it. Throws DomainError `version_conflict`, `list_rules_broken`, `list_has_subscribers`.
 */
export async function changeList(
  tx: EntityManager,
  changer: Changer,
  list: ListRow,
  {
    version,
    visibility: wanted,
    ...change
  }: Partial<ListTexts> & { version: number; visibility?: ListVisibility | undefined },
): Promise<void> {
  if (version !== list.version) throw new DomainError('version_conflict', { params: { version: list.version } });
  const texts = {
    name: change.name ?? list.name,
    description: change.description ?? list.description,
    criteria: change.criteria ?? list.criteria,
  };
  const visibility = wanted ?? list.askedVisibility ?? list.visibility;
  const shared = visibility !== 'private';
  if (!shared && list.visibility !== 'private') await assertNobodyElse(tx, list.id);
  const findings = await findingsOf(tx, list, { shared, ...texts });
  assertPublishable(findings);
  const opens = shared && list.visibility === 'private';
  const asks = opens && flagsOf(findings).length > 0;
  await tx.execute(
    `update community_lists set name = ?, description = ?, criteria = ?, visibility = ?, asked_visibility = ?, open_from = ?, version = version + 1, updated_at = now() where id = ?`,
    [
      texts.name,
      texts.description,
      texts.criteria,
      asks ? 'private' : visibility,
      asks ? visibility : null,
      opens && !asks ? (list.latestVersion ?? list.newestVersion + 1) : list.openFrom,
      list.id,
    ],
  );
  const details = { visibility, waits: asks, flags: flagsOf(findings).join(' ') };
  const subject = { subjectType: 'list', subjectId: list.id, details };
  audit(tx, {
    actorId: changer.userId,
    event: 'list.changed',
    outcome: 'done',
    ...subject,
    requestId: changer.requestId,
  });
  if (asks || (await isToBeLookedAt(tx, list, texts, findings))) await askModerator(tx, list.id, changer.requestId);
}

/** A list that becomes everybody's is looked at with what counts of it; else what it says about itself is what changes. */
async function findingsOf(
  tx: EntityManager,
  list: ListRow,
  texts: ListTexts & { shared: boolean },
): Promise<Finding[]> {
  const counting = await versionId(tx, list.id, list.latestVersion);
  if (list.visibility !== 'private' || counting === null) return examineTexts(texts);
  const entries = await artistsOfVersion(tx, counting);
  return (await examine(tx, list.id, { ...texts, note: null, entries })).findings;
}

/** Words that others read and that are flagged, where they are others than before; and any that somebody is looking at. */
async function isToBeLookedAt(
  tx: EntityManager,
  list: ListRow,
  texts: ListTexts,
  findings: readonly Finding[],
): Promise<boolean> {
  if (!isShared(list)) return false;
  const same = texts.name === list.name && texts.description === list.description && texts.criteria === list.criteria;
  if (same) return false;
  if (list.latestVersion !== null && flagsOf(findings).length > 0) return true;
  const open = await tx.execute<{ id: string }[]>(
    `select id from moderation_cases where subject_type = 'list' and subject_id = ? and state <> 'decided'`,
    [list.id],
  );
  return open.length > 0;
}

async function askModerator(tx: EntityManager, listId: string, requestId: string | null): Promise<void> {
  await openCase(tx, { subjectType: 'list', subjectId: listId, origin: 'flagged_version', actorId: null, requestId });
}

/** Who goes by a list can read what it blocks, and why; so it stays readable while somebody does. */
async function assertNobodyElse(tx: EntityManager, listId: string): Promise<void> {
  const others = await tx.execute<{ id: string }[]>(
    `select s.id from list_subscriptions s join community_lists l on l.id = s.list_id where l.id = ? and s.user_id is distinct from l.user_id
       and not exists (select from list_curators c where c.list_id = l.id and c.user_id = s.user_id and c.accepted_at is not null) limit 1`,
    [listId],
  );
  if (others.length > 0) throw new DomainError('list_has_subscribers');
}
