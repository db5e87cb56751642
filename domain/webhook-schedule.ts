const [minute, hour] = [60, 3_600];

/**
 * Seconds between one try and the next, as Standard Webhooks suggests; together just below three days, after which a message is
 * given up.
 */
export const retryPauses: readonly number[] = [
  5,
  5 * minute,
  30 * minute,
  2 * hour,
  5 * hour,
  10 * hour,
  14 * hour,
  20 * hour,
  20 * hour,
];

/** A webhook is switched off once it has taken nothing for so long, over so many tries. */
export const failingLimit = { hours: 72, failures: 20 } as const;

/** For how long a secret that was replaced signs as well, so that receivers can be given the new one. */
export const formerSecretHours = 24;

/** So many secrets that were replaced sign at most: whoever asked twice, since an answer got lost, still has one that is known. */
export const mostFormerSecrets = 3;

/** What a person may have at most. */
export const mostWebhooks = 10;
