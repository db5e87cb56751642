const { join, sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const tests = join(__dirname, '..', '..');
const suites = ['unit', 'integration', 'workflows', 'e2e'].map((folder) => join(tests, folder, sep));
const circus = `${sep}jest-circus${sep}`;

/** By environment, which is itself shared. */
const runtimes = new WeakMap();

/**
 * Loading the API's modules takes a second of CPU time, and a hundred suites need them: suites that run in one process share what
 * is loaded from outside the suites' own folders. What lies in those is loaded anew for each, as is jest-circus, whose modules
 * hold the state of the suite that runs.
 */
class SharedRuntime extends Runtime {
  constructor(config, environment, ...rest) {
    const shared = runtimes.get(environment);
    if (shared) return shared;
    super(config, environment, ...rest);
    if (environment.shared) runtimes.set(environment, this);
  }

  teardown() {
    if (!runtimes.has(this._environment)) return super.teardown();
    this.restoreAllMocks();
    this.testState.state = 'loading';
    forget(this.registries.getActiveCjsRegistry(), (path) => suites.some((folder) => path.startsWith(folder)));
    forget(this.registries.getInternalCjsRegistry(), (path) => path.includes(circus));
  }
}

function forget(registry, isForgotten) {
  for (const path of [...registry.keys()]) if (isForgotten(path)) registry.delete(path);
}

module.exports = SharedRuntime;
