/** Longer texts differ at their beginning or are the same. */
const longestCompared = 160;

/** Twice the letters that two texts have in the same order, by their length: 1 for equal ones, 0 for nothing in common. */
export function ratio(one: string, other: string): number {
  if (one === other) return one === '' ? 0 : 1;
  const [a, b] = [one.slice(0, longestCompared), other.slice(0, longestCompared)];
  if (a === '' || b === '') return 0;
  return (2 * commonLetters(a, b)) / (a.length + b.length);
}

function commonLetters(a: string, b: string): number {
  let row = new Uint16Array(b.length + 1);
  let next = new Uint16Array(b.length + 1);
  for (let i = 0; i < a.length; i += 1) {
    const letter = a.charCodeAt(i);
    for (let j = 0; j < b.length; j += 1)
      next[j + 1] = letter === b.charCodeAt(j) ? (row[j] ?? 0) + 1 : Math.max(row[j + 1] ?? 0, next[j] ?? 0);
    [row, next] = [next, row];
  }
  return row[b.length] ?? 0;
}

const sortedWords = (words: readonly string[]) => [...words].sort().join(' ');

/**
 * How alike two texts read, from 0 to 1: letter by letter, or with their words in any order, or, at a small discount, where
 * one has words that the other lacks.
 * @param one @param other texts as `nameKey` leaves them
 */
export function likeness(one: string, other: string): number {
  if (one === '' || other === '') return 0;
  if (one === other) return 1;
  const [a, b] = [one.split(' '), other.split(' ')];
  const plain = ratio(one, other);
  if (a.length === 1 && b.length === 1) return plain;
  return Math.max(plain, ratio(sortedWords(a), sortedWords(b)), 0.95 * sharedWords(a, b));
}

function sharedWords(a: readonly string[], b: readonly string[]): number {
  const shared = [...new Set(a)].filter((word) => b.includes(word));
  if (shared.length === 0) return 0;
  const core = sortedWords(shared);
  const rest = (words: readonly string[]) =>
    `${core} ${sortedWords([...new Set(words)].filter((word) => !shared.includes(word)))}`.trim();
  return Math.max(ratio(core, rest(a)), ratio(core, rest(b)), ratio(rest(a), rest(b)));
}

const ARTICLES = /^(?:the|los|las|les|die|der|das|el|la|le) (?=\S)/u;

/**
 * How alike two texts are spelled, from 0 to 1: letter by letter or with their words in any order, but with every word. A leading
 * article is no word here.
 * @param one @param other texts as `nameKey` leaves them
 */
export function spellingLikeness(one: string, other: string): number {
  const [a, b] = [one.replace(ARTICLES, ''), other.replace(ARTICLES, '')];
  return Math.max(ratio(a, b), ratio(sortedWords(a.split(' ')), sortedWords(b.split(' '))));
}
