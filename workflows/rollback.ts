import { carryOut, type RunInput } from './carry-out';

/** Undoes actions of an earlier run. Nothing else in the system undoes anything. */
export async function rollback(input: RunInput): Promise<void> {
  await carryOut(input);
}
