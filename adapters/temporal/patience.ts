import type { Client } from '@temporalio/client';

/** Longest wait for an answer about what Temporal knows, in milliseconds. */
const patience = 2_000;

/** What Temporal answers soon. Throws where it doesn't, also while it is still being connected to. */
export async function answerWithin<T>(client: Client, ask: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('Temporal does not answer.')), patience);
  });
  const answer = client.withDeadline(Date.now() + patience, ask);
  try {
    return await Promise.race([answer, over]);
  } finally {
    clearTimeout(timer);
  }
}
