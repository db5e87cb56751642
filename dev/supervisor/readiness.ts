/** Waits until `url` answers 200. False when `givenUp` says that there is no point in waiting any longer. */
export async function answers200(url: string, withinMs: number, givenUp: () => boolean): Promise<boolean> {
  const until = Date.now() + withinMs;
  while (Date.now() < until && !givenUp()) {
    const ok = await fetch(url, { signal: AbortSignal.timeout(3_000) }).then(
      (response) => response.ok,
      () => false,
    );
    if (ok) return true;
    await new Promise((resolve) => setTimeout(resolve, 150));
  }
  return false;
}
