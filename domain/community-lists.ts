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

/** In what order lists are found: the newest, by their name, or those that most people go by first. */
export const listOrders = ['newest', 'name', 'subscribers'] as const;
export type ListOrder = (typeof listOrders)[number];

/** What somebody is to a list; `invited`: asked to look after it, and not yet willing. */
export const listParts = ['owner', 'curator', 'invited'] as const;
export type ListPart = (typeof listParts)[number];

/** Lists that one person may own. */
export const mostLists = 100;
/** People who look after one list beside its owner. */
export const mostCurators = 20;

/** Whether an entry counts: moderation may have taken it off its list, or keep it from taking effect until a date. */
export const entryStates = ['standing', 'withdrawn', 'restricted'] as const;
export type EntryState = (typeof entryStates)[number];
