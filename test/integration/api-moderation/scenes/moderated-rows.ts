import { openCase } from '../../../../adapters/postgres/moderation-cases';
import { newId } from '../../../../adapters/postgres/ids';
import type { EntityManager } from '../../../../adapters/postgres/orm';
import type { CaseOrigin, CaseSubjectType } from '../../../../domain/moderation';
import type { OffenseStatus } from '../../../../domain/offenses';
import type { Caller, Harness } from '../../api-enforcement/harness';

/** Offenses and cases as other routes would have left them. */
export class ModeratedRows {
  constructor(private readonly stage: () => { harness: Harness; ownerUrl: string }) {}

  get harness(): Harness {
    return this.stage().harness;
  }

  /** The database as the owner of its tables sees it. */
  get ownerUrl(): string {
    return this.stage().ownerUrl;
  }

  em(): EntityManager {
    return this.harness.api.deps.orm.em.fork();
  }

  sql<T>(statement: string, values: unknown[] = []): Promise<T[]> {
    return this.em().execute<T[]>(statement, values);
  }

  /** An offense of an invented artist, with one source. */
  async offense(userId: string | null, status: OffenseStatus = 'pending'): Promise<string> {
    const artistId = await this.harness.rows.artist('The Invented Few');
    const id = newId();
    await this.sql(
      `insert into offenses (id, user_id, artist_id, category, severity, title, status) values (?, ?, ?, 'fraud', 'minor', 'Sold tickets twice', ?)`,
      [id, userId, artistId, status],
    );
    await this.sql(
      `insert into offense_evidence (id, offense_id, user_id, url, title, source, excerpt, retrieved_at, content_digest)
       values (?, ?, ?, 'https://news.example.test/1', 'Tickets', 'The Invented News', 'They sold them twice.', now(), repeat('a', 64))`,
      [newId(), id, userId],
    );
    return id;
  }

  /** A public list with one version, which has one invented artist. */
  async list(ownerId: string): Promise<Record<'list' | 'list_version' | 'list_entry', string>> {
    const [list, version, entry] = [newId(), newId(), newId()];
    await this.sql(
      `insert into community_lists (id, user_id, name, description, criteria, visibility, latest_version) values (?, ?, 'Sold twice', 'x', 'Tickets', 'public', 1)`,
      [list, ownerId],
    );
    await this.sql(
      `insert into list_versions (id, list_id, number, state, entries, added, removed, published_by, published_at) values (?, ?, 1, 'published', 1, 1, 0, ?, now())`,
      [version, list, ownerId],
    );
    await this.sql(`insert into list_entries (id, list_id, artist_id) values (?, ?, ?)`, [
      entry,
      list,
      await this.harness.rows.artist('The Invented Few'),
    ]);
    await this.sql(`insert into list_version_entries (version_id, entry_id, reason) values (?, ?, 'Sold twice')`, [
      version,
      entry,
    ]);
    return { list, list_version: version, list_entry: entry };
  }

  /** A case, about an offense unless said otherwise. */
  openCase(
    subjectId: string,
    origin: CaseOrigin = 'submission',
    subjectType: CaseSubjectType = 'offense',
  ): Promise<string> {
    return this.em().transactional((tx) =>
      openCase(tx, { subjectType, subjectId, origin, actorId: null, requestId: null }),
    );
  }

  /** What is on record about a subject, in order. */
  recorded(subjectId: string): Promise<{ event: string; outcome: string; code: string | null }[]> {
    return this.sql(
      `select event, outcome, details->>'code' as code from audit_entries where subject_id = ? order by created_at, id`,
      [subjectId],
    );
  }

  moderator(): Promise<Caller> {
    return this.harness.person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
  }
}

/** A statement of reasons that every kind of subject takes. */
export const statement = (given: Record<string, unknown> = {}) => ({
  measure: 'approve',
  facts: 'Two independent papers report it of this artist.',
  rule: 'sources.support',
  ...given,
});

export const claim = (who: Caller, caseId: string) => who.send('POST', `moderation/cases/${caseId}/claim`);
export const release = (who: Caller, caseId: string) => who.send('POST', `moderation/cases/${caseId}/release`);
export const decide = (who: Caller, caseId: string, body: unknown, headers = {}) =>
  who.send('POST', `moderation/cases/${caseId}/decision`, body, headers);

/** Claims a case and decides it. */
export async function decided(who: Caller, caseId: string, given: Record<string, unknown> = {}) {
  const { version } = (await claim(who, caseId)).body;
  const answer = await decide(who, caseId, { version, statement: statement(given) });
  if (answer.status !== 200) throw new Error(answer.text);
  return answer;
}

/** Lets the time of a claim be over. */
export const lapse = (rows: ModeratedRows, caseId: string) =>
  rows.sql(`update moderation_cases set held_until = now() where id = ?`, [caseId]);
