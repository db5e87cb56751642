/**
 * Where an offense stands. `sources_verified`: an independent moderator found the sources to support the entry, which is not a finding of guilt.
 * `contested`: an appeal against that is open. The others block nobody.
 */
export const offenseStatuses = ['pending', 'sources_verified', 'rejected', 'contested'] as const;
export type OffenseStatus = (typeof offenseStatuses)[number];

/** How grave what the sources report is, by what it led to and not by how it is told. */
export const offenseSeverities = ['minor', 'serious', 'grave'] as const;
export type OffenseSeverity = (typeof offenseSeverities)[number];

/** The one list of what artists can be kept out for as a category; each entry belongs to exactly one. */
export const offenseCategories = {
  sexual_violence: 'Sexual violence, by a court’s finding, a settlement or reports of several independent sources',
  child_abuse: 'Violence or sexual offenses against children',
  domestic_violence: 'Violence against partners or family',
  violent_crime: 'Homicide, assault and other violent crime outside of the family',
  human_trafficking: 'Trafficking in people, forced labour',
  hate_speech: 'Public incitement to hatred against people for what they are',
  extremism: 'Public support of violent extremist organisations',
  animal_cruelty: 'Cruelty to animals',
  fraud: 'Fraud, theft and other economic crime',
  exploitation_of_artists: 'Withheld pay, stolen credits or other exploitation of fellow artists',
} as const satisfies Record<string, string>;
export type OffenseCategory = keyof typeof offenseCategories;

export function isOffenseCategory(value: string): value is OffenseCategory {
  return Object.hasOwn(offenseCategories, value);
}
