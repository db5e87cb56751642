/** Who finds and reads a list: everybody, whoever has its address, or its owner and curators. */
export const listVisibilities = ['public', 'unlisted', 'private'] as const;
export type ListVisibility = (typeof listVisibilities)[number];

/**
 * Where a version stands. `in_review`: the rules flagged it, and a moderator decides before it counts. `rejected`: it never counts.
 * `published`: it counts for subscribers, and never changes again.
 */
export const listVersionStates = ['in_review', 'published', 'rejected'] as const;
export type ListVersionState = (typeof listVersionStates)[number];

/** Whether a subscription goes along with new versions or stays with one. */
export const subscriptionFollows = ['latest', 'pinned'] as const;
export type SubscriptionFollows = (typeof subscriptionFollows)[number];

/** Whether what a new version adds counts at once, or once the person has looked at it. */
export const newEntriesChoices = ['at_once', 'after_review'] as const;
export type NewEntriesChoice = (typeof newEntriesChoices)[number];
