/** Does something for each, one after the other; what goes wrong with one keeps no other from its turn. */
export async function eachAlone(
  ids: readonly string[],
  work: (id: string) => Promise<void>,
): Promise<{ failed: number; failure: unknown }> {
  let failed = 0;
  let failure: unknown;
  for (const id of ids) {
    try {
      await work(id);
    } catch (error) {
      failed += 1;
      failure = error;
    }
  }
  return { failed, failure };
}
