import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bundleWorkflows } from '../workers/bundle';
import type { Cleanup } from './cleanup';
import { startEngines } from './engines';
import { benchBlocksCheck } from './enforcement/blocks-check';
import { benchFairness } from './enforcement/fairness';
import { bigScene, usualScene } from './enforcement/made-up-library';
import { benchRounds } from './enforcement/rounds';
import type { Figure } from './report';

/**
 * `npm run bench -- enforcement [ROUNDS] [PART…]`: what enforcement costs. Parts: `rounds` a library of 10,000 likes and 100 playlists of
 * 100 against 1,000 blocks: sync, sync again, then plan, run and rollback as often as said (three times), of which the medians
 * count · `big` the same with 500 playlists of 60 · `check` how long a player waits to hear what is blocked · `fairness` fifty
 * people who share one quota. All but `big` by default.
 */
export async function benchEnforcement(args: readonly string[], cleanup: Cleanup): Promise<Figure[]> {
  const counts = args.filter((arg) => /^\d+$/.test(arg));
  const rounds = Number(counts[0] ?? 3);
  if (rounds < 1 || counts.length > 1) throw new Error('ROUNDS must be one whole number from 1.');
  const named = args.filter((arg) => !counts.includes(arg));
  const parts = named.length > 0 ? named : ['rounds', 'check', 'fairness'];
  const engines = await startEngines(cleanup);
  const bundlePath = join(engines.folder, 'workflow-bundle.js');
  writeFileSync(bundlePath, (await bundleWorkflows()).code);
  const bench = { ...engines, bundlePath };
  const steps: Record<string, () => Promise<Figure[]>> = {
    rounds: () => benchRounds(bench, cleanup, { scene: usualScene, rounds }),
    big: () => benchRounds(bench, cleanup, { scene: bigScene, rounds }),
    check: () => benchBlocksCheck(bench, cleanup),
    fairness: () => benchFairness(bench, cleanup),
  };
  const figures: Figure[] = [];
  for (const part of parts) {
    const step = steps[part];
    if (!step) throw new Error(`There is no part "${part}"; there are: ${Object.keys(steps).join(', ')}.`);
    console.error(`${part} …`);
    figures.push(...(await step()));
  }
  return figures;
}
