export interface PolicyRule {
  code: string;
  title: string;
  text: string;
}

export interface Policy {
  /** The day from which it holds. */
  version: string;
  rules: readonly PolicyRule[];
}

/** What decisions rest on. A version never changes; a new one is added in front. */
export const policies: readonly Policy[] = [
  {
    version: '2026-11-29',
    rules: [
      {
        code: 'sources.support',
        title: 'The sources support the entry',
        text: 'At least one independent, retrievable source reports what the entry says, of the artist whom it names, and the entry says no more than its sources.',
      },
      {
        code: 'sources.insufficient',
        title: 'The sources do not support the entry',
        text: 'Sources are missing, cannot be retrieved, depend on one another, or say less than the entry.',
      },
      {
        code: 'wrong.artist',
        title: 'Another artist is meant',
        text: 'The sources are about somebody else, a namesake for instance.',
      },
      {
        code: 'duplicate',
        title: 'It is there already',
        text: 'Another entry says the same of the same artist.',
      },
      {
        code: 'criteria.missing',
        title: 'The criteria are not those of a list',
        text: 'A list says by what neutral and checkable criterion artists are on it, and everybody on it fits that.',
      },
      {
        code: 'criteria.discriminating',
        title: 'People are listed for what they are',
        text: 'No list and no entry is about origin, religion, gender, sexual orientation, disability or age.',
      },
      {
        code: 'content.private',
        title: 'It exposes somebody’s private life',
        text: 'Addresses, contacts, health and family of anybody are no part of an entry, a list or a report.',
      },
      {
        code: 'content.abusive',
        title: 'It insults or threatens',
        text: 'Entries, lists and reports are told in neutral words.',
      },
      {
        code: 'conduct.misuse',
        title: 'The service is misused',
        text: 'Submissions, reports or appeals that are knowingly false, mass-produced or meant to harass; accounts made to get round a measure.',
      },
      {
        code: 'none.broken',
        title: 'No rule is broken',
        text: 'What was looked at keeps to the rules.',
      },
    ],
  },
];

export const currentPolicy: Policy = policies[0]!;

export function findPolicy(version: string): Policy | null {
  return policies.find((policy) => policy.version === version) ?? null;
}

export function findRule(version: string, code: string): PolicyRule | null {
  return findPolicy(version)?.rules.find((rule) => rule.code === code) ?? null;
}
