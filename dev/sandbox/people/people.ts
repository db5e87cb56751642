import { base62Id } from '../catalog/ids';

/** A person with an account at every service of the sandbox; the id is also the user name there. */
export interface Person {
  id: string;
  name: string;
  email: string;
}

const names = {
  listener: 'Odalys Brennvik',
  'second-listener': 'Tomasz Quillfeather',
  'apple-listener': 'Ingrid Vantorre',
  moderator: 'Perpetua Okonjo-Lind',
  reviewer: 'Casimir Holloway-Sato',
  admin: 'Wilhelmina Drosthaug',
};

/** More people for benchmarks, `crowd-1` and so on: as many as `SANDBOX_CROWD` says. */
const crowd = Array.from({ length: Number(process.env.SANDBOX_CROWD) || 0 }, (_, n): [string, string] => [
  `crowd-${n + 1}`,
  `Extra Number ${n + 1}`,
]);

/** Everyone, in the order the consent page lists them. The names are invented. */
export const people: readonly Person[] = [...Object.entries(names), ...crowd].map(([id, name]) => ({
  id,
  name,
  email: `${id}@example.test`,
}));

/** Finds a person by id or e-mail address, which is what a `login_hint` may hold. */
export function findPerson(idOrEmail: string | undefined): Person | undefined {
  return people.find((person) => person.id === idOrEmail || person.email === idOrEmail);
}

/** Google's `sub`: 21 digits that stay the same for a person. */
export function googleSubject(person: Person): string {
  return `1${[...base62Id('google', person.id)].map((letter) => letter.charCodeAt(0) % 10).join('')}`.slice(0, 21);
}

/** Spotify's immutable account id, which is not the user name. */
export function spotifyAccountId(userId: string): string {
  return base62Id('spotify-account', userId);
}
