/** From Monday on, as ISO 8601 counts. */
export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A moment of every week in a time zone (IANA name), on the clock that people there go by. */
export interface WeeklyTime {
  weekday: Weekday;
  hour: number;
  minute: number;
  timeZone: string;
}

const day = 24 * 3_600_000;

/**
 * The first such moment after another. Where the clock is put forward over it, it is as much later; where it comes twice, it is the
 * first.
 */
export function nextWeekly({ weekday, hour, minute, timeZone }: WeeklyTime, after: Date): Date {
  const today = Math.floor(wallClock(after, timeZone) / day) * day;
  const wanted = weekdays.indexOf(weekday);
  for (let days = 0; ; days += 1) {
    const date = today + days * day;
    if ((new Date(date).getUTCDay() + 6) % 7 !== wanted) continue;
    const moment = momentOf(date + (hour * 60 + minute) * 60_000, timeZone);
    if (moment > after) return moment;
  }
}

/** Whether the runtime knows a time zone of that name. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/**
 * In which minute of its hour a connection's turn comes: people choose whole hours, and would all come at once. Always the same for
 * one connection, from the random end of its id.
 */
export const minuteOf = (connectionId: string): number => Number.parseInt(connectionId.slice(-6), 16) % 60;

/** What clocks in a zone show at a moment, in milliseconds as if it were UTC. */
function wallClock(at: Date, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const of = (type: Intl.DateTimeFormatPartTypes) => Number(parts.find((part) => part.type === type)?.value);
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
}

/** The moment at which clocks in a zone show this. */
function momentOf(shown: number, timeZone: string): Date {
  const offsetAt = (at: number) => wallClock(new Date(at), timeZone) - at;
  // The offset before and the one after a change of the clocks; elsewhere they are the same.
  const candidates = [offsetAt(shown - day), offsetAt(shown + day)].map((offset) => shown - offset);
  const right = candidates.filter((at) => wallClock(new Date(at), timeZone) === shown);
  return new Date(right.length > 0 ? Math.min(...right) : candidates[0]!);
}
