/**
 * How a process that runs the workers is told to stay small: V8's young generation, which each thread has for itself, in MB, and
 * the number of the C library's arenas, which keep what they once held. Unset, a large library takes a fifth more. What the
 * person has set counts for more. docker-compose.yml says the same to its worker; a test compares.
 */
export function workerSettings(own: NodeJS.ProcessEnv): { NODE_OPTIONS: string; MALLOC_ARENA_MAX: string } {
  return {
    // Of an option given twice, the last counts.
    NODE_OPTIONS: ['--max-semi-space-size=8', own.NODE_OPTIONS].filter(Boolean).join(' '),
    MALLOC_ARENA_MAX: own.MALLOC_ARENA_MAX || '2',
  };
}
