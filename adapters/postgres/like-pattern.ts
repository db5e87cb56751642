/** A text as itself inside a `like` pattern. */
const literally = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');

/** A `like` pattern for what starts with a text. */
export const startingWith = (text: string): string => `${literally(text)}%`;

/** A `like` pattern for what contains a text. */
export const containing = (text: string): string => `%${literally(text)}%`;
