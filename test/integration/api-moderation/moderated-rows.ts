import { openCase } from '../../../adapters/postgres/moderation-cases';
import { newId } from '../../../adapters/postgres/ids';
import type { CaseOrigin } from '../../../domain/moderation';
import type { OffenseStatus } from '../../../domain/offenses';
import type { Caller, Harness } from '../api-enforcement/harness';

/** Offenses and cases as other routes would have left them. */
export class ModeratedRows {
  constructor(private readonly harness: () => Harness) {}

  sql<T>(statement: string, values: unknown[] = []): Promise<T[]> {
    return this.harness().api.deps.orm.em.fork().execute<T[]>(statement, values);
  }

  /** An offense of an invented artist, with one source. */
  async offense(userId: string | null, status: OffenseStatus = 'pending'): Promise<string> {
    const artistId = await this.harness().rows.artist('The Invented Few');
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

  /** A case about an offense. */
  openCase(subjectId: string, origin: CaseOrigin = 'submission'): Promise<string> {
    return this.harness()
      .api.deps.orm.em.fork()
      .transactional((tx) =>
        openCase(tx, { subjectType: 'offense', subjectId, origin, actorId: null, requestId: null }),
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
    return this.harness().person({ roles: ['moderator'], scopes: ['read', 'write', 'moderate'] });
  }
}

/** A statement of reasons that every kind of subject takes. */
export const statement = (given: Record<string, unknown> = {}) => ({
  measure: 'approve',
  facts: 'Two independent papers report it of this artist.',
  rule: 'sources.support',
  ...given,
});
