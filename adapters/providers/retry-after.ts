const LONGEST_SECONDS = 30 * 24 * 3600;

/** Seconds that a `Retry-After` header asks for (a number or an HTTP date), or null where it says nothing usable. */
export function parseRetryAfter(header: string | null | undefined, now: Date): number | null {
  const text = header?.trim();
  if (!text) return null;
  const seconds = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : (Date.parse(text) - now.getTime()) / 1000;
  if (!Number.isFinite(seconds)) return null;
  return Math.min(Math.max(Math.ceil(seconds), 0), LONGEST_SECONDS);
}
