/** The origin of an address, spaces around it left out. Throws where it is none. */
export const originOf = (text: string): string => new URL(text.trim()).origin;
