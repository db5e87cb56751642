import { weightOfName } from '../common-words';

const collections =
  /^(?:the )?(?:(?:very )?best of|(?:all time )?greatest hits|hits|collection|anthology|essential|singles|remixes|live|unplugged|acoustic|sessions|demos?|ep|christmas|untitled)\b/u;

/**
 * Whether an album's title says nothing of whose it is: one called as its artist, as namesakes have it too ("Asia" by Asia, and by
 * Asia), a collection, or a title of common words only ("Home").
 * @param title @param names as `nameKey` leaves them
 */
export const isPlainTitle = (title: string, names: readonly string[]): boolean =>
  names.includes(title) || collections.test(title) || weightOfName(title, title) === 'weak';
