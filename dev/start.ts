import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineProblem } from './engines/engine';
import { projectRoot } from './engines/project-root';
import { onStopRequests } from './supervisor/stop-requests';
import { System } from './supervisor/system';

const say = (line: string) => process.stdout.write(`${line}\n`);

async function main(): Promise<void> {
  const ownSettings = join(projectRoot, '.env');
  if (existsSync(ownSettings)) process.loadEnvFile(ownSettings);
  const system = new System(process.env, say);
  let stopped: Promise<void> | undefined;
  const stop = () => (stopped ??= system.stop());
  onStopRequests(
    () => {
      say('\nStopping …');
      void stop().then(() => {
        say('Stopped. Nothing is left running.');
        process.exit(0);
      });
    },
    () => {
      say('Ending by force.');
      system.kill();
    },
  );
  try {
    await system.start();
  } catch (error) {
    // What fails while everything is being stopped fails because of that.
    if (stopped) return;
    say(
      `\n${error instanceof EngineProblem ? error.message : `The start failed: ${error instanceof Error ? (error.stack ?? error.message) : 'unknown'}`}`,
    );
    await stop();
    process.exit(1);
  }
}

void main();
