/** @type {import('jest').Config} */
const base = {
  testEnvironment: '<rootDir>/test/support/shared-modules/environment.js',
  runtime: '<rootDir>/test/support/shared-modules/runtime.js',
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: { target: 'es2023', parser: { syntax: 'typescript' } },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [
    '/node_modules/(?!(?:oauth4webapi|jose|uuid|any-ascii|@opentelemetry/otlp-exporter-base)/)',
  ],
  modulePathIgnorePatterns: ['<rootDir>/dist', '<rootDir>/.data'],
  testPathIgnorePatterns: ['/node_modules/', '<rootDir>/dist', '<rootDir>/.data'],
};
const withEngines = {
  globalSetup: '<rootDir>/test/support/engines-setup.ts',
  globalTeardown: '<rootDir>/test/support/engines-teardown.ts',
};

module.exports = {
  testTimeout: 60_000,
  // Most of what the suites do is to wait: for a heartbeat's silence, a back-off, a process.
  maxWorkers: 5,
  // What a suite leaves in its process adds up: beyond this, the next suite gets a new one.
  workerIdleMemoryLimit: '1GB',
  projects: [
    { ...base, displayName: 'unit', testMatch: ['<rootDir>/test/unit/**/*.test.ts'] },
    { ...base, ...withEngines, displayName: 'integration', testMatch: ['<rootDir>/test/integration/**/*.test.ts'] },
    { ...base, ...withEngines, displayName: 'workflows', testMatch: ['<rootDir>/test/workflows/**/*.test.ts'] },
    { ...base, ...withEngines, displayName: 'e2e', testMatch: ['<rootDir>/test/e2e/**/*.test.ts'] },
  ],
};
