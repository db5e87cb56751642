/**
 * Where an offense stands. `sources_verified`: an independent moderator found the sources to support the entry, which is not a finding of guilt.
 * `contested`: an appeal against that is open. The others block nobody.
 */
export const offenseStatuses = ['pending', 'sources_verified', 'rejected', 'contested'] as const;
export type OffenseStatus = (typeof offenseStatuses)[number];

/** What a status says, and what it doesn't, for whoever reads an entry. */
export const offenseStatusMeanings: Readonly<Record<OffenseStatus, string>> = {
  pending: 'Nobody has looked at it yet. Only who submitted it and staff see it, and it blocks nobody.',
  sources_verified:
    'An independent moderator found the sources to support the entry. That is no finding of guilt: it says what is reported and where.',
  contested:
    'An independent moderator found the sources to support the entry, and an appeal against that is open. It only marks songs for review until the appeal is decided.',
  rejected:
    'A moderator found that the entry does not stand. Only who submitted it and staff see it, and it blocks nobody.',
};

export const verifiedMeaning =
  'Verified means that an independent moderator found the sources to support the entry; it is no finding of guilt.';

/** What everybody who is signed in sees; the others are for who submitted them and for staff. */
export const shownOffenseStatuses = ['sources_verified', 'contested'] as const satisfies readonly OffenseStatus[];

/** How grave what the sources report is, by what it led to and not by how it is told. */
export const offenseSeverities = ['minor', 'serious', 'grave'] as const;
export type OffenseSeverity = (typeof offenseSeverities)[number];

export const offenseSeverityMeanings: Readonly<Record<OffenseSeverity, string>> = {
  minor:
    'Nobody was lastingly harmed, and a court or authority, where one dealt with it, left it at a warning or a fine.',
  serious: 'Somebody was harmed, or a court or authority imposed more than a fine.',
  grave: 'Somebody died or was lastingly harmed, many were harmed, or a court imposed imprisonment.',
};

/**
 * The one list of what artists can be kept out for as a category. An entry belongs to exactly one: of several that fit, the first in
 * this order. Each is about acts that a source reports, never about what somebody is, believes or votes.
 */
export const offenseCategories = {
  child_abuse: {
    title: 'Abuse of children',
    description: 'Violence or sexual acts against anybody under 18, and making, keeping or spreading images of that.',
  },
  sexual_violence: {
    title: 'Sexual violence',
    description: 'Rape, sexual assault, sexual coercion and sexual harassment of adults.',
  },
  human_trafficking: {
    title: 'Human trafficking',
    description: 'Recruiting, moving or keeping people by force, deceit or abuse of power, and forced labour.',
  },
  domestic_violence: {
    title: 'Domestic violence',
    description:
      'Violence, threats, stalking or lasting control against a partner, a former partner or a member of the family.',
  },
  violent_crime: {
    title: 'Violent crime',
    description:
      'Homicide, assault, kidnapping, armed robbery and other violence against people outside of the family.',
  },
  extremism: {
    title: 'Support of violent extremism',
    description:
      'Membership, funding or public praise of an organisation that a court or a state authority has found to be violent and extremist; the source names both.',
  },
  hate_speech: {
    title: 'Incitement to hatred',
    description:
      'Statements made in public that call for hatred, exclusion or violence against people for origin, religion, gender, sexual orientation, disability or age; the source quotes them.',
  },
  animal_cruelty: {
    title: 'Cruelty to animals',
    description: 'Killing, hurting or neglecting animals against the law of the place.',
  },
  exploitation_of_artists: {
    title: 'Exploitation of artists',
    description: 'Pay, rights or credits withheld from fellow artists, found by a court or told by those concerned.',
  },
  fraud: {
    title: 'Fraud and theft',
    description: 'Fraud, theft, embezzlement, corruption and other economic crime.',
  },
} as const satisfies Record<string, { title: string; description: string }>;
export type OffenseCategory = keyof typeof offenseCategories;

export const offenseCategoryCodes = Object.keys(offenseCategories) as [OffenseCategory, ...OffenseCategory[]];
