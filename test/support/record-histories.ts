import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import setup from './engines-setup';
import teardown from './engines-teardown';

/**
 * Runs every workflow on a real server and writes the histories to test/fixtures/histories, one file a story. Record anew
 * when a workflow is added or changed; keep the old file beside the new one (under another name) while runs that began
 * under the old code may be open somewhere.
 */
const historiesFolder = join(__dirname, '..', 'fixtures', 'histories');

async function record(): Promise<void> {
  await setup();
  try {
    const { neo4j } = await import('./engines.js');
    const { startSystem } = await import('./system.js');
    const { tellWholeStory } = await import('./whole-story.js');
    const { url, user, password } = await neo4j();
    const system = await startSystem({
      environment: { NEO4J_URI: url, NEO4J_USER: user, NEO4J_PASSWORD: password },
    });
    await system.startWorkers();
    mkdirSync(historiesFolder, { recursive: true });
    for (const name of readdirSync(historiesFolder)) rmSync(join(historiesFolder, name));
    for (const { name, workflowId } of await tellWholeStory(system)) {
      const history = await system.client.workflow.getHandle(workflowId).fetchHistory();
      writeFileSync(
        join(historiesFolder, `${name}.json`),
        `${JSON.stringify(JSON.parse(placeless(historyToJSON(history))), null, 1)}\n`,
      );
      process.stdout.write(`${name}: ${history.events?.length ?? 0} events\n`);
    }
    await system.close();
  } finally {
    await teardown();
  }
}

/** Workers are named after their process and host, which is nobody's business and changes with each recording. */
function placeless(json: string): string {
  return json.replaceAll(/\d+@[\w.-]+/g, 'a-worker');
}

void record();
