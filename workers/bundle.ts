import { readFile } from 'node:fs/promises';
import { bundleWorkflowCode, DefaultLogger, type WorkflowBundle } from '@temporalio/worker';

/** Bundles the workflows with the codes-only failure converter and the interceptors that every worker uses. */
export async function bundleWorkflows(): Promise<{ code: string }> {
  return bundleWorkflowCode({
    workflowsPath: require.resolve('../workflows'),
    workflowInterceptorModules: [require.resolve('../workflows/interceptors')],
    failureConverterPath: require.resolve('../adapters/temporal/failure-converter'),
    logger: new DefaultLogger('ERROR'),
  });
}

/** A bundle made before, named by its file; made now where there is none. */
export async function loadBundle(path: string | null): Promise<WorkflowBundle> {
  const code = path ? await readFile(path, 'utf8').catch(() => null) : null;
  return code === null ? bundleWorkflows() : { code };
}
