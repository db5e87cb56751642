import { accusations, attributions, characteristics, directions, insults } from './list-rule-words';
import { foldName } from './names';

const anyOf = (words: readonly string[]) => `(?:${words.map((word) => word.replaceAll(' ', '\\s+')).join('|')})`;
const word = (inner: string) => new RegExp(`(?<![\\p{L}\\p{N}])${inner}(?![\\p{L}\\p{N}])`, 'u');

const insult = word(anyOf(insults));
const accusation = word(anyOf(accusations));
const attribution = word(anyOf(attributions));
const characteristic = word(`(?<!(?:${directions.join('|')})\\s+)${anyOf(characteristics)}`);

const address = /https?:\/\/\S+/giu;
const email = /[\p{L}\p{N}._%+-]+\s?(?:@|\(at\)|\[at\])\s?[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/iu;
/** International or with a leading zero, or as in North America; years, dates and sums are none. */
const phone = /(?<![\p{L}\p{N}.,-])(?:(?:\+|0)\d[\d\s()./-]{6,18}\d|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\p{L}\p{N}])/u;
const date = /\b\d{1,4}[-./]\d{1,2}[-./]\d{1,4}\b/gu;
const streetNames = 'Street|St\\.|Road|Rd\\.|Avenue|Ave\\.|Lane|Drive|Boulevard|Blvd\\.?';
const street = new RegExp(
  `(?<!\\p{N})\\d{1,5}[a-z]?\\s+(?:\\p{Lu}[\\p{L}'.-]*\\s+){1,3}(?:${streetNames})|\\p{Lu}\\p{L}+(?:straße|strasse|str\\.)\\s*\\d`,
  'u',
);

/** Whether a text holds an e-mail address or a telephone number; addresses of web pages are none. */
export function hasContact(text: string): boolean {
  const bare = text.replaceAll(address, ' ');
  return email.test(bare) || phone.test(bare.replaceAll(date, ' '));
}

/** Whether a text holds what reads like the address of a house. */
export const hasStreetAddress = (text: string): boolean => street.test(text.replaceAll(address, ' '));

export const hasInsult = (text: string): boolean => insult.test(foldName(text));

/** Whether a text says of somebody what they did or are, and not whose finding that is. */
export function accusesAsFact(text: string): boolean {
  const folded = foldName(text.replaceAll(address, ' '));
  return accusation.test(folded) && !attribution.test(folded);
}

export const namesCharacteristic = (text: string): boolean => characteristic.test(foldName(text));
