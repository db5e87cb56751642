import { newId } from '../../../../adapters/postgres/ids';
import type { Caller, Harness } from '../harness';

let serial = 0;

/** A source that nobody has given before. */
export const source = (fields: Record<string, unknown> = {}) => ({
  url: `https://news.example.test/report-${(serial += 1)}`,
  title: 'What was reported',
  source: 'The Example Times',
  excerpt: 'A court found that it was so.',
  ...fields,
});

export const newOffense = (artistId: string, fields: Record<string, unknown> = {}) => ({
  artistId,
  category: 'fraud',
  severity: 'serious',
  title: 'Convicted of fraud',
  evidence: [source()],
  ...fields,
});

/** Submits an entry about an artist of its own, unless one is named. */
export async function submitted(
  { rows }: Harness,
  person: Caller,
  fields: Record<string, unknown> = {},
): Promise<{ id: string; artistId: string; version: number }> {
  const artistId = String(fields.artistId ?? (await rows.artist('The Invented Few')));
  const answer = await person.send('POST', 'offenses', newOffense(artistId, fields));
  if (answer.status !== 201) throw new Error(answer.text);
  return { id: String(answer.body.id), artistId, version: Number(answer.body.version) };
}

/** Puts an entry into a state, as decisions leave it. */
export async function setStatus({ rows }: Harness, offenseId: string, status: string): Promise<void> {
  await rows.em.execute(`update offenses set status = ?, decided_at = now() where id = ?`, [status, offenseId]);
  await rows.em.execute(`update moderation_cases set state = 'decided' where subject_id = ?`, [offenseId]);
  if (status !== 'pending')
    await rows.em.execute(`update offense_evidence set reviewed_at = now() where offense_id = ?`, [offenseId]);
}

export const caseOf = ({ rows }: Harness, offenseId: string) =>
  rows.em.execute<{ state: string; origin: string; version: number }[]>(
    `select state, origin, version from moderation_cases where subject_type = 'offense' and subject_id = ? order by id`,
    [offenseId],
  );

export const recordedAbout = ({ rows }: Harness, subjectId: string) =>
  rows.em.execute<{ event: string; outcome: string; actor_id: string | null; details: unknown }[]>(
    `select event, outcome, actor_id, details from audit_entries where subject_id = ? order by id`,
    [subjectId],
  );

/** A plan of a person's that is ready and takes a song out because of a category. */
export async function planByCategory({ rows }: Harness, userId: string, artistId: string): Promise<string> {
  const planId = await rows.plan(userId, await rows.connection(userId));
  const [itemId] = await rows.items(planId, [{ uri: `spotify:track:${newId()}`, artistId }]);
  await rows.em.execute(
    `update plan_items set matches = jsonb_set(jsonb_set(matches, '{0,sources}', '[{"kind":"category","category":"fraud","offenseIds":[]}]'), '{0,source}', '"category"') where id = ?`,
    [itemId],
  );
  await rows.em.execute(
    `insert into category_subscriptions (id, user_id, category) values (?, ?, 'fraud') on conflict do nothing`,
    [newId(), userId],
  );
  return planId;
}
