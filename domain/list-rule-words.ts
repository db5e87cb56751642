/** Words that the rules for lists look for, lower case and without accents; whole words only. In English, as lists here are asked to be. */

export const insults = [
  ...[
    'scum',
    'scumbag',
    'idiot',
    'idiots',
    'moron',
    'morons',
    'imbecile',
    'bastard',
    'bastards',
    'asshole',
    'assholes',
  ],
  ...['bitch', 'slut', 'whore', 'cunt', 'pervert', 'perverts', 'degenerate', 'degenerates', 'subhuman', 'subhumans'],
  ...[
    'vermin',
    'parasite',
    'parasites',
    'retard',
    'retarded',
    'disgusting',
    'filthy',
    'piece of shit',
    'human garbage',
  ],
] as const;

/** What says of somebody that they did or are something grave. */
export const accusations = [
  ...['rapist', 'rapists', 'raped', 'murderer', 'murderers', 'murdered', 'paedophile', 'paedophiles', 'pedophile'],
  ...['pedophiles', 'paedo', 'pedo', 'molester', 'molested', 'groomer', 'sexual predator', 'sex offender', 'abuser'],
  ...['abusers', 'abused', 'wife beater', 'nazi', 'nazis', 'neo-nazi', 'neo-nazis', 'fascist', 'fascists', 'racist'],
  ...['racists', 'antisemite', 'antisemites', 'terrorist', 'terrorists', 'criminal', 'criminals', 'thief', 'thieves'],
  ...['fraudster', 'fraudsters', 'scammer', 'scammers', 'con man', 'trafficker', 'traffickers'],
] as const;

/** What says whose finding or word it is. */
export const attributions = [
  ...[
    'accused',
    'accusation',
    'accusations',
    'alleged',
    'allegedly',
    'allegation',
    'allegations',
    'charged',
    'charges',
  ],
  ...['convicted', 'conviction', 'sentenced', 'found guilty', 'pleaded guilty', 'pled guilty', 'court', 'verdict'],
  ...['ruled', 'settled', 'settlement', 'according to', 'reported', 'reports', 'report', 'said', 'says', 'statement'],
  ...['admitted', 'admits', 'apologised', 'apologized', 'lawsuit', 'sued', 'indicted', 'arrested', 'testified'],
  ...['testimony', 'investigation', 'investigated', 'interview', 'called', 'described'],
] as const;

/** What people are and not what they do. */
export const characteristics = [
  ...['race', 'skin colour', 'skin color', 'ethnicity', 'ethnic', 'nationality', 'religion', 'gender', 'sexuality'],
  ...['sexual orientation', 'disability', 'disabled', 'autistic', 'jew', 'jews', 'jewish', 'muslim', 'muslims'],
  ...['christians', 'hindus', 'sikhs', 'buddhists', 'atheists', 'arabs', 'africans', 'asians', 'latinos', 'gypsies'],
  ...['immigrants', 'foreigners', 'refugees', 'women', 'female', 'gay', 'gays', 'lesbian', 'lesbians', 'bisexual'],
  ...['homosexual', 'homosexuals', 'queer', 'trans', 'transgender', 'transsexual', 'nonbinary', 'non-binary'],
] as const;

/** Right before such a word, these say that something was done to people and not that they are listed for it. */
export const directions = ['against', 'toward', 'towards', 'at'] as const;
