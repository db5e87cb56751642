const { TestEnvironment } = require('jest-environment-node');

/** Environments by project id: a process makes one for each project and runs all its suites in it. */
const environments = new Map();

/** What circus and `jest.setTimeout` leave on the global object of a suite. */
const leftByASuite = [Symbol.for('EVENT_HANDLERS'), Symbol.for('TEST_TIMEOUT_SYMBOL')];

/**
 * Suites that run in one process share one global object, so that they can share what they have loaded (see runtime.js). In watch
 * mode, where files change between the runs of a process, each suite gets its own as usual.
 */
class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { id } = config.projectConfig;
    const shared = environments.get(id);
    if (shared) return shared;
    super(config, context);
    this.shared = !config.globalConfig.watch && !config.globalConfig.watchAll;
    if (this.shared) environments.set(id, this);
  }

  async teardown() {
    if (!this.shared) return super.teardown();
    this.fakeTimersModern.useRealTimers();
    for (const name of leftByASuite) delete this.global[name];
  }
}

module.exports = SharedEnvironment;
