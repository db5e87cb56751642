/** A moment as the database gives it in text; null where it has none. */
export const momentOf = (text: string | null): Date | null => (text === null ? null : new Date(text));
