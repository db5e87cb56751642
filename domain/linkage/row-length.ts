/** Whole numbers from here on are milliseconds: no recording lasts more than an hour in seconds. */
const leastMilliseconds = 4_000;

/** A length in seconds from "04:04", "3m 52sec", "3.25" (minutes), "179" (seconds) or "195000" (milliseconds); null for anything else and for 0. */
export function secondsOf(text: string): number | null {
  const plain = text.replace(/\s+/gu, '').toLowerCase();
  const clock = /^(\d+):(\d\d?)$/u.exec(plain) ?? /^(\d+)m(\d+)s?e?c?$/u.exec(plain);
  if (clock) return positive(Number(clock[1]) * 60 + Number(clock[2]));
  if (/^\d+\.\d+$/u.test(plain)) return positive(Math.round(Number(plain) * 60_000) / 1000);
  if (!/^\d+$/u.test(plain)) return null;
  const number = Number(plain);
  return positive(number >= leastMilliseconds ? number / 1000 : number);
}

const positive = (seconds: number) => (seconds > 0 ? seconds : null);
