import { finishCheck } from '../adapters/postgres/credential-checks';
import { activitySignal } from './activity-context';
import { reportProbe, type Probe, type ProbeDeps, type ProbeResult } from './connection-health-probe';

/** Looks at one connection because somebody asks. */
export function createHealthActivities(deps: Pick<ProbeDeps, 'orm' | 'onHealthChange'> & { probe: Probe }) {
  return {
    /** Probes once and writes down what it showed; a silent provider only counts with the `lastTry`. */
    async probeConnection({
      connectionId,
      lastTry,
    }: {
      connectionId: string;
      lastTry: boolean;
    }): Promise<{ result: ProbeResult['result']; code: string | null }> {
      const probed = await deps.probe(connectionId, { signal: activitySignal() });
      // Waiting does not open a gate that is closed for hours.
      const settled = lastTry || (probed.result === 'silent' && probed.code === 'rate_limited');
      await reportProbe(deps, connectionId, probed, { settled });
      if (probed.result === 'working' || probed.result === 'fault') await finishCheck(deps.orm.em.fork(), connectionId);
      return { result: probed.result, code: 'code' in probed ? probed.code : null };
    },
  };
}
