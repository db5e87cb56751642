/** The command was called in a way that it doesn't take. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** An e-mail address, as far as a typo can be seen. Throws UsageError. */
export function emailArgument(word: string | undefined): string {
  if (!word) throw new UsageError('An e-mail address is missing.');
  if (!/^[^\s@]+@[^\s@]+$/.test(word)) throw new UsageError(`"${word}" is not an e-mail address.`);
  return word;
}
