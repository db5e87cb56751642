const { readFileSync } = require('node:fs');
const { TestEnvironment } = require('jest-environment-node');

/** What circus and `jest.setTimeout` leave on the global object of a suite. */
const leftByASuite = [Symbol.for('EVENT_HANDLERS'), Symbol.for('TEST_TIMEOUT_SYMBOL')];

/** The environment that the suites of this process share; the projects differ in nothing that it is made of. */
const ofThisProcess = { environment: null };

/**
 * Suites that run in one process share one global object, so that they can share what they have loaded (see runtime.js). A suite
 * that has modules mocked or loaded anew, or begins with a comment `@own-modules`, gets one of its own, as does each in watch
 * mode, where files change between two runs.
 */
class SharedEnvironment extends TestEnvironment {
  constructor(config, context) {
    const { watch, watchAll } = config.globalConfig;
    const shared = !watch && !watchAll && !wantsItsOwn(context);
    if (shared && ofThisProcess.environment) return ofThisProcess.environment;
    super(config, context);
    this.shared = shared;
    if (shared) ofThisProcess.environment = this;
  }

  async teardown() {
    if (!this.shared) return super.teardown();
    this.fakeTimersModern.useRealTimers();
    for (const name of leftByASuite) delete this.global[name];
  }
}

function wantsItsOwn({ testPath, docblockPragmas }) {
  if ('own-modules' in docblockPragmas) return true;
  return /\bjest\s*\.(?:\w*[mM]ock|resetModules|isolateModules\w*|requireMock)\s*\(/u.test(
    readFileSync(testPath, 'utf8'),
  );
}

module.exports = SharedEnvironment;
