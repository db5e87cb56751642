import { relative } from 'node:path';
import { benchAnalytics } from './analytics';
import { benchAudit } from './audit';
import { Cleanup } from './cleanup';
import { benchCatalog } from './catalog';
import { benchEnforcement } from './enforcement';
import { benchLinkage } from './linkage';
import { benchGraph } from './graph';
import { benchMetrics } from './metrics';
import { benchModeration } from './moderation';
import { benchSignIn } from './sign-in';
import { benchSimilar } from './similar';
import { type Figure, tableOf, writeResult } from './report';
import { benchVault } from './vault';

type Benchmark = (args: readonly string[], cleanup: Cleanup) => Promise<Figure[]>;

const benchmarks: Record<string, Benchmark> = {
  analytics: benchAnalytics,
  audit: benchAudit,
  catalog: benchCatalog,
  enforcement: benchEnforcement,
  linkage: benchLinkage,
  graph: benchGraph,
  metrics: benchMetrics,
  moderation: benchModeration,
  similar: benchSimilar,
  'sign-in': benchSignIn,
  vault: benchVault,
};

/** `npm run bench -- NAME [ARGS]`: prints a table, writes its figures, and ends with 1 where one misses its goal. */
async function main([name, ...args]: readonly string[]): Promise<number> {
  const run = name === undefined ? undefined : benchmarks[name];
  if (name === undefined || !run) {
    console.error(
      `${name === undefined ? 'Name a benchmark' : `There is no benchmark "${name}"`}; there are: ${Object.keys(benchmarks).join(', ')}.`,
    );
    return 2;
  }
  const cleanup = new Cleanup();
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)
    process.once(signal, () => void cleanup.run().then(() => process.exit(code)));
  try {
    const figures = await run(args, cleanup);
    console.log(`\n${tableOf(figures)}\n`);
    console.log(`Written to ${relative(process.cwd(), writeResult(name, figures))}.`);
    return figures.some(({ holds }) => holds === false) ? 1 : 0;
  } finally {
    await cleanup.run();
  }
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: Error) => {
    console.error(error.name === 'EngineProblem' ? error.message : (error.stack ?? error.message));
    process.exit(1);
  },
);
