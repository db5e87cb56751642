const [minute, hour] = [60, 3_600];

/**
 * Seconds between one try and the next. Servers that want to see a stranger twice (greylisting) take a message after some minutes;
 * what is not taken within a day is old news, and the notification is there.
 */
export const emailPauses: readonly number[] = [minute, 5 * minute, 15 * minute, hour, 3 * hour, 8 * hour, 12 * hour];

/** What waits for longer before its first try is not sent any more. */
export const emailWaitHours = 24;

/** How an e-mail ends. */
export type EmailEnd = 'sent' | 'failed' | 'dropped';
