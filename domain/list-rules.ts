import { DomainError } from './errors';
import type { ListedArtist } from './list-proposals';
import { accusesAsFact, hasContact, hasInsult, hasStreetAddress, namesCharacteristic } from './list-rule-texts';

export const ruleSeverities = ['blocks', 'flags'] as const;
export type RuleSeverity = (typeof ruleSeverities)[number];

interface ListRule {
  /** `blocks` keeps a version from being published; `flags` has a moderator look at it first. */
  severity: RuleSeverity;
  /** Private lists are their owner's own affair but for what no list can say. */
  appliesTo: 'every' | 'shared';
  /** The rule of the policy behind it; null where it is none of judgement. */
  policyRule: string | null;
  text: string;
}

export const shortestCriteria = 20;
export const shortestReason = 10;
/** Artists that a version can add to what counts now without being looked at. */
export const mostAddedUnseen = 500;
/** Artists on a list. */
export const mostEntries = 2_000;

/** What is looked for in a list before it is published; deterministic, and told to everybody. */
export const listRules = {
  criteria_missing: {
    severity: 'blocks',
    appliesTo: 'shared',
    policyRule: 'criteria.missing',
    text: `A list says in at least ${shortestCriteria} characters by what criterion artists are on it.`,
  },
  reason_missing: {
    severity: 'blocks',
    appliesTo: 'shared',
    policyRule: 'criteria.missing',
    text: `Each artist is on it for a reason, told in at least ${shortestReason} characters.`,
  },
  contact_data: {
    severity: 'blocks',
    appliesTo: 'shared',
    policyRule: 'content.private',
    text: 'No e-mail addresses and no telephone numbers.',
  },
  unknown_artist: {
    severity: 'blocks',
    appliesTo: 'every',
    policyRule: null,
    text: 'Each artist is one of the catalog’s.',
  },
  artist_twice: { severity: 'blocks', appliesTo: 'every', policyRule: null, text: 'Each artist is on it once.' },
  withdrawn_entry: {
    severity: 'blocks',
    appliesTo: 'every',
    policyRule: null,
    text: 'Whom moderation took off a list does not come back on it unless that decision is reversed.',
  },
  street_address: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'content.private',
    text: 'What reads like the address of a house is looked at.',
  },
  insult: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'content.abusive',
    text: 'Insulting words are looked at.',
  },
  accusation_as_fact: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'content.abusive',
    text: 'A grave accusation that does not say whose finding or word it is (a court’s, a report’s, an allegation) is looked at.',
  },
  protected_characteristic: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'criteria.discriminating',
    text: 'Words for what people are, such as origin, religion, gender, sexual orientation or disability, are looked at, but where something was done against them.',
  },
  many_added: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'criteria.missing',
    text: `A version that adds more than ${mostAddedUnseen} artists at once is looked at.`,
  },
  offense_undecided: {
    severity: 'flags',
    appliesTo: 'shared',
    policyRule: 'sources.support',
    text: 'An artist of whom an offense is yet to be decided about, or is contested, is looked at.',
  },
} as const satisfies Record<string, ListRule>;
export type ListRuleCode = keyof typeof listRules;
export const listRuleCodes = Object.keys(listRules) as [ListRuleCode, ...ListRuleCode[]];

/** A list, or what a version would make of it. */
export interface ExaminedList {
  /** Whether anybody but its owner and curators could read it. */
  shared: boolean;
  name: string;
  description: string;
  criteria: string;
  note: string | null;
  entries: readonly ListedArtist[];
}

/** What the catalog, the list's past and moderation know of its artists; all by their present ids. */
export interface ArtistFacts {
  known: ReadonlySet<string>;
  withdrawn: ReadonlySet<string>;
  undecided: ReadonlySet<string>;
  /** How many of them what counts now does not have. */
  added: number;
}

/** What a rule found, and where: `criteria`, `entries[3].reason`. */
export interface Finding {
  code: ListRuleCode;
  severity: RuleSeverity;
  path: string;
}

/** Everything that the rules say of a list, in their order within each place. */
export function examineList(list: ExaminedList, facts: ArtistFacts): Finding[] {
  const found = [...ofTexts(list), ...ofEntries(list, facts)];
  if (facts.added > mostAddedUnseen) found.push(['many_added', 'entries']);
  return found
    .filter(([code]) => list.shared || listRules[code].appliesTo === 'every')
    .map(([code, path]) => ({ code, severity: listRules[code].severity, path }));
}

/** The same of what a list says about itself alone. */
export function examineTexts(texts: Omit<ExaminedList, 'entries' | 'note'>): Finding[] {
  const nothing = new Set<string>();
  const facts = { known: nothing, withdrawn: nothing, undecided: nothing, added: 0 };
  return examineList({ ...texts, note: null, entries: [] }, facts);
}

type Found = [code: ListRuleCode, path: string];

function* ofTexts({ name, description, criteria, note }: ExaminedList): Generator<Found> {
  if (criteria.trim().length < shortestCriteria) yield ['criteria_missing', 'criteria'];
  yield* ofText('name', name);
  yield* ofText('description', description);
  yield* ofText('criteria', criteria);
  yield* ofText('note', note ?? '');
}

function* ofText(path: string, text: string): Generator<Found> {
  if (hasContact(text)) yield ['contact_data', path];
  if (hasStreetAddress(text)) yield ['street_address', path];
  if (hasInsult(text)) yield ['insult', path];
  if (accusesAsFact(text)) yield ['accusation_as_fact', path];
  if (namesCharacteristic(text)) yield ['protected_characteristic', path];
}

function* ofEntries({ entries }: ExaminedList, { known, withdrawn, undecided }: ArtistFacts): Generator<Found> {
  const met = new Set<string>();
  for (const [n, { artistId, reason }] of entries.entries()) {
    const path = `entries[${n}]`;
    if (!known.has(artistId)) yield ['unknown_artist', `${path}.artistId`];
    else if (met.has(artistId)) yield ['artist_twice', `${path}.artistId`];
    if (withdrawn.has(artistId)) yield ['withdrawn_entry', `${path}.artistId`];
    if (undecided.has(artistId)) yield ['offense_undecided', `${path}.artistId`];
    met.add(artistId);
    if ((reason ?? '').trim().length < shortestReason) yield ['reason_missing', `${path}.reason`];
    yield* ofText(`${path}.reason`, reason ?? '');
  }
}

export const blocking = (findings: readonly Finding[]): Finding[] =>
  findings.filter(({ severity }) => severity === 'blocks');

/** The codes of what a moderator is to look at, each once. */
export const flagsOf = (findings: readonly Finding[]): ListRuleCode[] => [
  ...new Set(findings.filter(({ severity }) => severity === 'flags').map(({ code }) => code)),
];

/** Findings told in one answer. */
const mostTold = 100;

/** Throws DomainError `list_rules_broken` where a rule keeps a list from being published, with what and where. */
export function assertPublishable(findings: readonly Finding[]): void {
  const broken = blocking(findings);
  if (broken.length === 0) return;
  const errors = broken.slice(0, mostTold).map(({ code, path }) => ({ path, code, message: listRules[code].text }));
  throw new DomainError('list_rules_broken', { params: { findings: broken.length }, errors });
}
