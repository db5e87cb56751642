import { endRemembered } from '../engines/process-record';
import { withdrawEnvironment } from './environment';

/**
 * A process of its own that outlives a launcher killed by force: when its channel to the launcher closes, it ends
 * whatever the launcher had written down as running. Its arguments are the data folder and the folder with those records.
 */
const [dataDir = '', runDir = ''] = process.argv.slice(2);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
process.on('disconnect', () => {
  withdrawEnvironment(dataDir);
  void endRemembered(runDir, 10_000).then(() => process.exit(0));
});
