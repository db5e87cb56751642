import { submitAppeal } from '../../adapters/postgres/appeal-submission';
import { takeDecision } from '../../adapters/postgres/decisions';
import { newId } from '../../adapters/postgres/ids';
import type { MikroORM } from '../../adapters/postgres/orm';
import { tokenOf } from '../somebody-asking';
import { currentPolicy } from '../../domain/policies';

export interface MadeAppeal {
  appealId: string;
  /** The start of its workflow. */
  outboxId: string;
}

/** A person with these roles. */
export async function person(orm: MikroORM, ...roles: string[]): Promise<string> {
  const em = orm.em.fork();
  const id = newId();
  await em.execute(`insert into users (id, display_name) values (?, 'Somebody')`, [id]);
  for (const role of roles) await em.execute(`insert into user_roles (user_id, role) values (?, ?)`, [id, role]);
  return id;
}

/** A reviewer, and what they sign in with. */
export async function reviewerToken(orm: MikroORM): Promise<string> {
  const userId = await person(orm, 'reviewer');
  return tokenOf(orm.em.fork(), userId, ['read', 'write', 'moderate']);
}

/** An offense of an invented artist, verified by a moderator, and its submitter's appeal against that. */
export async function madeUpAppeal(orm: MikroORM, deciderId: string, n: number): Promise<MadeAppeal> {
  const [userId, artistId, offenseId] = [await person(orm), newId(), newId()];
  return orm.em.fork().transactional(async (tx) => {
    await tx.execute(
      `insert into artists (id, name, folded_name, name_key) values (?, 'The Invented Few', 'the invented few', ?)`,
      [artistId, `the invented few ${n}`],
    );
    await tx.execute(
      `insert into offenses (id, user_id, artist_id, category, severity, title) values (?, ?, ?, 'fraud', 'minor', 'An invented one')`,
      [offenseId, userId, artistId],
    );
    await tx.execute(
      `insert into offense_evidence (id, offense_id, url, title, source, excerpt, retrieved_at, content_digest)
       values (?, ?, 'https://news.example.test/1', 'A report', 'The Invented Times', 'They did.', now(), repeat('0', 64))`,
      [newId(), offenseId],
    );
    const decisionId = await takeDecision(tx, {
      subject: { type: 'offense', id: offenseId },
      caseId: null,
      replacesId: null,
      deciderId,
      statement: {
        measure: 'approve',
        until: null,
        facts: 'The sources say what the entry says.',
        automated: false,
        policyVersion: currentPolicy.version,
        rule: 'sources.support',
      },
      internalNote: null,
      alsoConcerned: [],
      requestId: null,
    });
    const asked = {
      userId,
      decisionId: decisionId ?? '',
      grounds: 'It was somebody else of that name.',
      requestId: null,
    };
    const made = await submitAppeal(tx, asked, { windowDays: 183, decisionHours: 72 });
    if ('denied' in made) throw new Error(`An appeal was denied: ${made.denied}.`);
    return made;
  });
}
