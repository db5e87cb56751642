/**
 * Seconds that so many reads take which nobody does anything with, some at a time: what the sandbox and the machine at this
 * moment need for a run's calls alone.
 */
export async function bareCallSeconds(
  { sandboxUrl, accessToken }: { sandboxUrl: string; accessToken: string },
  calls: number,
  atOnce: number,
): Promise<number> {
  const begun = performance.now();
  let left = calls;
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const answer = await fetch(`${sandboxUrl}/spotify/v1/me/tracks?limit=1`, {
        headers: { authorization: `Bearer ${accessToken}` },
      });
      if (!answer.ok) throw new Error(`The sandbox answered ${answer.status}.`);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return (performance.now() - begun) / 1_000;
}
