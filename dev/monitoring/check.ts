import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EngineProblem } from '../engines/engine';
import { runTool } from '../engines/run-tool';
import { asked, monitoringFolder, readDashboards, ruleTestFiles } from './files';
import { prometheusProgram } from './programs';

/**
 * `npm run monitoring:check`: has promtool read Prometheus's configuration, its rules and each dashboard's expressions, and run the
 * rules' own tests. Ends with 1 where something is wrong, with 2 where promtool is missing.
 */
async function main(): Promise<number> {
  const promtool = prometheusProgram('promtool');
  const folder = mkdtempSync(join(tmpdir(), 'do-not-play-panels-'));
  try {
    const checks: readonly (readonly string[])[] = [
      ['check', 'config', '--lint-fatal', join(monitoringFolder, 'prometheus.yml')],
      ['check', 'rules', '--lint-fatal', writePanels(folder)],
      ['test', 'rules', ...ruleTestFiles().map((file) => join(monitoringFolder, file))],
    ];
    let wrong = 0;
    for (const args of checks) {
      const { code, stdout, stderr } = await runTool(promtool, args);
      process.stdout.write(`promtool ${args.slice(0, 2).join(' ')}\n${stdout}${stderr}`);
      if (code !== 0) wrong++;
    }
    process.stdout.write(wrong === 0 ? 'All is well.\n' : 'Something is wrong; see above.\n');
    return wrong === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** promtool reads rules only, so each expression is made one. JSON is YAML, too. */
function writePanels(folder: string): string {
  const file = join(folder, 'panels.yml');
  const groups = readDashboards().map(({ uid, panels }) => ({
    name: uid,
    rules: panels.flatMap(({ id, targets }) =>
      targets.map(({ refId, expr }) => ({
        record: `${uid.replaceAll('-', '_')}:panel_${id}_${refId}`,
        expr: asked(expr, '1m'),
      })),
    ),
  }));
  writeFileSync(file, JSON.stringify({ groups }));
  return file;
}

main().then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    if (!(error instanceof EngineProblem)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 2;
  },
);
