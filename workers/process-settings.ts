/**
 * How a process that runs the workers is told to stay small; docker-compose.yml says the same to its worker, and a test compares.
 * V8 has a young generation for each thread, in MB, and by itself looks for old garbage only once half a gigabyte is full. The
 * C library's arenas keep what they once held.
 */
export const workerSettings = {
  nodeArguments: ['--max-semi-space-size=8', '--initial-old-space-size=64'],
  environment: { MALLOC_ARENA_MAX: '2' },
} as const;
