import { evidencePage } from './evidence-address';
import { foldName } from './names';
import type { OffenseStatus } from './offenses';

/** What is compared of two entries about the same artist in the same category. */
export interface ComparedOffense {
  title: string;
  /** Days, `YYYY-MM-DD`. One without an end is of its first day. */
  occurredFrom: string | null;
  occurredUntil: string | null;
  /** Addresses of its sources and of their archived copies. */
  addresses: readonly string[];
}

export type DuplicateReason = 'same_source' | 'same_time' | 'same_title';

/** Two titles that share this much of their letters in threes say the same. */
const sameTitle = 0.8;

/**
 * Why a new entry says what a known one of the same artist and category says; null where it doesn't.
 * - A source of the one is a source of the other.
 * - Both say when, and the times overlap.
 * - The titles are all but the same, the numbers in them are the same, and the times, where both say so, do not speak against it.
 *
 * An entry that was rejected only stands in the way of one that brings no other source: whoever has better ones may try again.
 */
export function duplicateOf(
  fresh: ComparedOffense,
  known: ComparedOffense & { status: OffenseStatus },
): DuplicateReason | null {
  const [pages, knownPages] = [pagesOf(fresh), pagesOf(known)];
  if (known.status === 'rejected') return isSubset(pages, knownPages) ? 'same_source' : null;
  if ([...pages].some((page) => knownPages.has(page))) return 'same_source';
  const time = sameTime(fresh, known);
  if (time === true) return 'same_time';
  return time === null && titlesAgree(fresh.title, known.title) ? 'same_title' : null;
}

const isSubset = (some: ReadonlySet<string>, all: ReadonlySet<string>): boolean =>
  [...some].every((one) => all.has(one));

const pagesOf = ({ addresses }: ComparedOffense): Set<string> => new Set(addresses.map(evidencePage));

/** Null where one of them doesn't say when. */
function sameTime(one: ComparedOffense, other: ComparedOffense): boolean | null {
  if (one.occurredFrom === null || other.occurredFrom === null) return null;
  const [end, otherEnd] = [one.occurredUntil ?? one.occurredFrom, other.occurredUntil ?? other.occurredFrom];
  return one.occurredFrom <= otherEnd && other.occurredFrom <= end;
}

export function titlesAgree(one: string, other: string): boolean {
  const [text, otherText] = [wordsOf(one), wordsOf(other)];
  if (numbersOf(text) !== numbersOf(otherText)) return false;
  return text === otherText || likeness(threesOf(text), threesOf(otherText)) >= sameTitle;
}

/** Letters and digits as they compare, in words. */
const wordsOf = (title: string): string =>
  foldName(title)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();

const numbersOf = (text: string): string => (text.match(/\p{N}+/gu) ?? []).sort().join(' ');

function threesOf(text: string): Set<string> {
  const letters = [...` ${text} `];
  return new Set(letters.slice(2).map((letter, n) => `${letters[n]}${letters[n + 1]}${letter}`));
}

/** Sørensen and Dice's: twice what is in both, by what is in either. */
function likeness(one: ReadonlySet<string>, other: ReadonlySet<string>): number {
  const both = [...one].filter((three) => other.has(three)).length;
  return one.size + other.size === 0 ? 1 : (2 * both) / (one.size + other.size);
}
