import type { FieldError } from './errors';
import { evidencePage, parseEvidenceAddress } from './evidence-address';

/** When it happened, in days; an end needs a beginning. */
export interface OccurrenceDates {
  occurredFrom: string | null;
  occurredUntil: string | null;
}

/** A source as it is given. */
export interface GivenEvidence {
  url: string;
  title: string;
  source: string;
  excerpt: string;
  publishedOn: string | null;
  archivedUrl: string | null;
  /** Null: now. */
  retrievedAt: Date | null;
  /** SHA-256 of what was retrieved, in hexadecimal. */
  hash: string | null;
}

/** A source as it is kept. */
export interface ParsedEvidence extends Omit<GivenEvidence, 'retrievedAt'> {
  retrievedAt: Date;
}

/** No entry is about what happened before. */
const earliest = '1900-01-01';
/** How far a caller's clock may be ahead. */
const skewMs = 5 * 60_000;
const dayMs = 86_400_000;

/** The latest day that it can be anywhere. */
const latestDay = (now: Date): string => new Date(now.getTime() + dayMs).toISOString().slice(0, 10);

/** What is wrong with when something happened; paths are below `root`. */
export function occurrenceFaults(
  { occurredFrom, occurredUntil }: OccurrenceDates,
  { root, now }: { root: string; now: Date },
): FieldError[] {
  const faults: FieldError[] = [];
  const add = (field: string, message: string) =>
    faults.push({ path: `${root}.${field}`, code: 'out_of_range', message });
  if (occurredFrom !== null && occurredFrom < earliest) add('occurredFrom', `Not before ${earliest}`);
  if (occurredFrom !== null && occurredFrom > latestDay(now)) add('occurredFrom', 'Not in the future');
  if (occurredUntil !== null && occurredFrom === null) add('occurredUntil', 'Only together with `occurredFrom`');
  if (occurredUntil !== null && occurredFrom !== null && occurredUntil < occurredFrom)
    add('occurredUntil', 'Not before `occurredFrom`');
  if (occurredUntil !== null && occurredUntil > latestDay(now)) add('occurredUntil', 'Not in the future');
  return faults;
}

/** Sources with their addresses in normal form, or all that is wrong with them; paths are `path(n)` and below. */
export function parseEvidence(
  given: readonly GivenEvidence[],
  { path, now }: { path: (n: number) => string; now: Date },
): { evidence: ParsedEvidence[] } | { faults: FieldError[] } {
  const faults: FieldError[] = [];
  const pages = new Set<string>();
  const evidence = given.map((one, n) => {
    const add = (field: string, code: string, message: string) =>
      faults.push({ path: `${path(n)}.${field}`, code, message });
    const address = (field: 'url' | 'archivedUrl', text: string): string => {
      const parsed = parseEvidenceAddress(text);
      if ('url' in parsed) return parsed.url;
      add(field, parsed.fault, 'An https address on the public internet, without a password');
      return '';
    };
    const url = address('url', one.url);
    const archivedUrl = one.archivedUrl === null ? null : address('archivedUrl', one.archivedUrl);
    if (url) {
      const page = evidencePage(url);
      if (pages.has(page)) add('url', 'repeated', 'Each source once');
      pages.add(page);
    }
    const { publishedOn, retrievedAt } = one;
    if (publishedOn !== null && (publishedOn < earliest || publishedOn > latestDay(now)))
      add('publishedOn', 'out_of_range', `Between ${earliest} and today`);
    if (retrievedAt !== null && retrievedAt.getTime() > now.getTime() + skewMs)
      add('retrievedAt', 'out_of_range', 'Not in the future');
    if (retrievedAt !== null && publishedOn !== null && latestDay(retrievedAt) < publishedOn)
      add('retrievedAt', 'out_of_range', 'Not before it was published');
    const seen = retrievedAt === null || retrievedAt > now ? now : retrievedAt;
    return { ...one, url, archivedUrl, retrievedAt: seen, hash: one.hash?.toLowerCase() ?? null };
  });
  return faults.length > 0 ? { faults } : { evidence };
}
