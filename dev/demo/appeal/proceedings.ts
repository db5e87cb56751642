import { randomBytes, randomInt } from 'node:crypto';
import type { Artist, Page } from '../contract';
import { DemoFailure } from '../demo-failure';
import type { Person } from '../person';
import type { Appeal, CaseDecision, ModerationCase, Offense } from './contract';

const day = (at: number) => new Date(at).toISOString().slice(0, 10);
/** Entries that stand or may come to stand; an earlier demo that was interrupted leaves one. */
const standing = ['pending', 'sources_verified', 'contested'];

/** Least first: what is made up should not be about the worst. */
const mild = ['fraud', 'exploitation_of_artists'];
const harm = (code: string) => (mild.includes(code) ? mild.indexOf(code) : mild.length);

/**
 * A category in which nothing is said of the artist.
 *
 * @throws DemoFailure where there is none
 */
export async function freeCategory(person: Person, artistId: string): Promise<string> {
  const { items } = await person.get<Page<{ code: string }>>('offense-categories');
  const said = await person.all<Offense>(`offenses?artist=${artistId}`);
  const taken = new Set(said.filter(({ status }) => standing.includes(status)).map(({ category }) => category));
  const free = [...items].sort((one, other) => harm(one.code) - harm(other.code)).find(({ code }) => !taken.has(code));
  if (!free) throw new DemoFailure('Earlier demos left something said of the artist in each category: npm run reset.');
  return free.code;
}

/** Submits something that sources report of an artist; another source and another day each time, as no entry may be there twice. */
export async function submit(person: Person, artist: Artist, category: string): Promise<Offense> {
  const mark = randomBytes(4).toString('hex');
  const occurred = Date.UTC(1950, 0, 1) + randomInt(25_000) * 86_400_000;
  return person.post<Offense>('offenses', {
    artistId: artist.id,
    category,
    severity: 'minor',
    title: `An invented report, number ${mark}`,
    description: 'Made up for the demo, as its artist is.',
    occurredFrom: day(occurred),
    evidence: [
      {
        url: `https://news.example.test/reports/${mark}`,
        title: 'Reports of what did not happen',
        source: 'The Daily Invention',
        excerpt: `${artist.name}, who do not exist, are reported to have done nothing.`,
        publishedOn: day(occurred),
      },
    ],
  });
}

/**
 * A moderator finds that the sources support the entry.
 *
 * @returns the decision's id
 * @throws DemoFailure where no case was opened
 */
export async function verify(moderator: Person, offenseId: string): Promise<string> {
  const cases = await moderator.all<ModerationCase>('moderation/cases?subjectType=offense');
  const found = cases.find(({ subject }) => subject.id === offenseId);
  if (!found) throw new DemoFailure('The queue of cases has none about the entry.');
  const { version } = await moderator.post<ModerationCase>(`moderation/cases/${found.id}/claim`);
  const { decision } = await moderator.post<CaseDecision>(`moderation/cases/${found.id}/decision`, {
    version,
    statement: {
      measure: 'approve',
      facts: 'The invented source says what the entry says, of the invented artist whom it names.',
      rule: 'sources.support',
    },
  });
  return decision.id;
}

/** Somebody whom nothing but fairness moves asks for another look. */
export async function appeal(person: Person, decisionId: string): Promise<Appeal> {
  const { appealId } = await person.post<{ appealId: string }>('appeals', {
    decisionId,
    grounds: 'The source is the only one, and it is invented: it depends on nobody having looked.',
  });
  return person.get<Appeal>(`appeals/${appealId}`);
}

/**
 * A reviewer claims the appeal, saves what they find, and decides by that.
 *
 * @throws DemoFailure where it did not end reversed
 */
export async function reverse(reviewer: Person, appealId: string): Promise<void> {
  await reviewer.post<Appeal>(`appeals/${appealId}/claim`);
  const draft = await reviewer.post<{ id: string }>(`appeals/${appealId}/drafts`, {
    outcome: 'reversed',
    statement: {
      facts: 'The only source is not independent of the entry, and cannot be retrieved.',
      rule: 'sources.insufficient',
    },
  });
  const { version } = await reviewer.get<Appeal>(`appeals/${appealId}`);
  const { state } = await reviewer.post<Appeal>(`appeals/${appealId}/decision`, { draftId: draft.id, version });
  if (state !== 'decision_reversed') throw new DemoFailure(`The appeal ended as ${state}.`);
}
