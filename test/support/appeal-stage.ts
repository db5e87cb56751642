import { takeDecision } from '../../adapters/postgres/decisions';
import { newId } from '../../adapters/postgres/ids';
import { submitAppeal } from '../../adapters/postgres/appeal-submission';
import type { AppealStep, AppealStepInput } from '../../domain/appeals';
import type { Measure } from '../../domain/moderation';
import { currentPolicy } from '../../domain/policies';
import type { System } from './system';

type Ground = Pick<System, 'orm' | 'client' | 'dispatcher' | 'config'>;

/** What people say about an appeal: nobody who runs the system reads it. */
export const appealTexts = {
  grounds: 'It was somebody else of that name.',
  statement: 'The sources say what the entry says.',
  reasons: 'The sources mean a namesake of theirs.',
  message: 'Which of the sources do you mean?',
};

/** Offenses of invented artists, decisions about them, and appeals against those. */
export class AppealStage {
  constructor(private readonly system: Ground) {}

  rows<T>(sql: string, values: unknown[] = []): Promise<T[]> {
    return this.system.orm.em.fork().execute<T[]>(sql, values);
  }

  async person(...roles: string[]): Promise<string> {
    const id = newId();
    await this.rows(`insert into users (id, display_name) values (?, 'A Person')`, [id]);
    for (const role of roles) await this.rows(`insert into user_roles (user_id, role) values (?, ?)`, [id, role]);
    return id;
  }

  /** An offense that somebody submitted. */
  async offense(userId: string | null): Promise<string> {
    const [artistId, id] = [newId(), newId()];
    await this.rows(
      `insert into artists (id, name, folded_name, name_key) values (?, 'The Invented Few', 'the invented few', ?)`,
      [artistId, artistId],
    );
    await this.rows(
      `insert into offenses (id, user_id, artist_id, category, severity, title) values (?, ?, ?, 'fraud', 'minor', 'An invented one')`,
      [id, userId, artistId],
    );
    await this.rows(
      `insert into offense_evidence (id, offense_id, url, title, source, excerpt, retrieved_at, content_digest)
       values (?, ?, 'https://news.example.test/1', 'A report', 'The Invented Times', 'They did.', now(), repeat('0', 64))`,
      [newId(), id],
    );
    return id;
  }

  /** A moderator's decision about an offense. */
  async decision(
    offenseId: string,
    deciderId: string,
    { measure = 'approve', until = null }: { measure?: Measure; until?: Date | null } = {},
  ): Promise<string> {
    const id = await this.system.orm.em.fork().transactional((tx) =>
      takeDecision(tx, {
        subject: { type: 'offense', id: offenseId },
        caseId: null,
        replacesId: null,
        deciderId,
        statement: {
          measure,
          until,
          facts: appealTexts.statement,
          automated: false,
          policyVersion: currentPolicy.version,
          rule: 'sources.support',
        },
        internalNote: null,
        alsoConcerned: [],
        requestId: null,
      }),
    );
    if (id === null) throw new Error('There is no such offense.');
    return id;
  }

  /** Appeals against a decision, and starts the workflow. */
  async appeal(decisionId: string, userId: string): Promise<string> {
    const { APPEAL_DECISION_HOURS: decisionHours, APPEAL_WINDOW_DAYS: windowDays } = this.system.config;
    const made = await this.system.orm.em
      .fork()
      .transactional((tx) =>
        submitAppeal(
          tx,
          { decisionId, userId, grounds: appealTexts.grounds, requestId: null },
          { decisionHours, windowDays },
        ),
      );
    if ('denied' in made) throw new Error(made.denied);
    await this.system.dispatcher.start(made.outboxId);
    return made.appealId;
  }

  /** A decision of one moderator's that its submitter appeals against. */
  async appealed(measure: Measure = 'approve'): Promise<Appealed> {
    const [submitterId, deciderId] = [await this.person(), await this.person('moderator', 'reviewer')];
    const offenseId = await this.offense(submitterId);
    const decisionId = await this.decision(offenseId, deciderId, { measure });
    return { submitterId, deciderId, offenseId, decisionId, appealId: await this.appeal(decisionId, submitterId) };
  }

  async draft(appealId: string, userId: string, outcome: string, more: { measure?: Measure; until?: Date } = {}) {
    const id = newId();
    await this.rows(
      `insert into decision_drafts (id, appeal_id, user_id, outcome, measure, until, facts, automated, policy_version, rule)
       values (?, ?, ?, ?, ?, ?, ?, false, ?, 'wrong.artist')`,
      [
        id,
        appealId,
        userId,
        outcome,
        more.measure ?? null,
        more.until ?? null,
        appealTexts.reasons,
        currentPolicy.version,
      ],
    );
    return id;
  }

  async message(appealId: string, kind: 'question' | 'answer', authorId: string): Promise<string> {
    const id = newId();
    await this.rows(`insert into appeal_messages (id, appeal_id, kind, author_id, text) values (?, ?, ?, ?, ?)`, [
      id,
      appealId,
      kind,
      authorId,
      appealTexts.message,
    ]);
    return id;
  }

  /** Sends an update to the appeal's workflow and waits for its outcome: `done`, or the code that it was denied with. */
  async step(appealId: string, step: AppealStep, input: AppealStepInput): Promise<string> {
    try {
      await this.system.client.workflow.getHandle(`appeal:${appealId}`).executeUpdate(step, { args: [input] });
      return 'done';
    } catch (error) {
      const { cause } = error as { cause?: { type?: string } };
      return cause?.type ?? 'no answer';
    }
  }

  /** The deadline has passed, and the workflow looks. */
  async escalated(appealId: string): Promise<void> {
    await this.rows(`update appeals set escalates_at = now() where id = ?`, [appealId]);
    await this.system.client.workflow.getHandle(`appeal:${appealId}`).signal('decidedTogether');
    await this.until(`select id from appeals where id = ? and escalation_level > 0`, [appealId]);
  }

  async until<T>(sql: string, values: unknown[]): Promise<T> {
    for (;;) {
      const [row] = await this.rows<T>(sql, values);
      if (row) return row;
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }
}

export interface Appealed {
  submitterId: string;
  deciderId: string;
  offenseId: string;
  decisionId: string;
  appealId: string;
}
