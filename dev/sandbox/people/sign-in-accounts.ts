import { createHash } from 'node:crypto';
import { stableNumber } from '../catalog/ids';
import { people, type Person } from './people';

/** Apple's `sub`: stable for a person, of the shape `000123.32 hexadecimal digits.0456`. */
export function appleSubject(person: Person): string {
  const hex = createHash('sha256').update(`apple ${person.id}`).digest('hex').slice(0, 32);
  const digits = (part: string, count: number) =>
    String(stableNumber(`${part} ${person.id}`, 10 ** (count - 2))).padStart(count, '0');
  return `${digits('head', 6)}.${hex}.${digits('tail', 4)}`;
}

/** The address that Apple tells apps: `apple-listener` hides the real one behind a relay. */
export function appleEmail(person: Person): { email: string; relayed: boolean } {
  if (person.id !== 'apple-listener') return { email: person.email, relayed: false };
  const name = createHash('sha256').update(`relay ${person.id}`).digest('hex').slice(0, 10);
  return { email: `${name}@privaterelay.appleid.com`, relayed: true };
}

/** Apple writes truth values now as such and now as texts; here every second person gets texts, `listener` among them. */
export function appleTruth(person: Person, value: boolean): boolean | 'true' | 'false' {
  const asText = people.indexOf(person) % 2 === 0;
  return asText ? (value ? 'true' : 'false') : value;
}

/** A full name in the two parts of which it consists. */
export function nameParts(person: Person): { firstName: string; lastName: string } {
  const [firstName = '', ...last] = person.name.split(' ');
  return { firstName, lastName: last.join(' ') };
}

/** GitHub's numeric id, which stays when the login changes. */
export function githubId(person: Person): number {
  return 10_000_000 + stableNumber(`github ${person.id}`, 90_000_000);
}

export interface GithubEmail {
  email: string;
  primary: boolean;
  verified: boolean;
  visibility: 'private' | null;
}

/**
 * The addresses of a GitHub account, the primary one not first. `second-listener` has not confirmed the primary one, and
 * has entered somebody else's without being able to confirm it.
 */
export function githubEmails(person: Person): GithubEmail[] {
  const careless = person.id === 'second-listener';
  const noreply = `${githubId(person)}+${person.id}@users.noreply.github.com`;
  return [
    { email: noreply, primary: false, verified: true, visibility: null },
    { email: person.email, primary: true, verified: !careless, visibility: 'private' },
    {
      email: careless ? 'listener@example.test' : `${person.id}-at-work@example.test`,
      primary: false,
      verified: !careless,
      visibility: null,
    },
  ];
}

/** Every address and name that the accounts of a person show. */
export function personalTexts(person: Person): string[] {
  // First names alone are left out: artists of the catalog bear them too.
  const { lastName } = nameParts(person);
  const emails = githubEmails(person).map(({ email }) => email);
  return [person.name, lastName, person.email, appleEmail(person).email, ...emails];
}
