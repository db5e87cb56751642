import { carryOut, type RunInput } from './carry-out';

/** Carries out a plan: takes its included items out of the library, each recorded so that it can be undone. */
export async function enforce(input: RunInput): Promise<void> {
  await carryOut(input);
}
