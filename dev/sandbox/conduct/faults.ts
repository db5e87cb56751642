import { z } from 'zod';
import { Random } from '../people/random';

/**
 * What shall go wrong, as `POST /admin/faults` takes it. A call matches by service, method and route pattern (`*` or
 * absent means any); the first fault that has turns left is applied, its `skip` first matching calls are let through.
 */
export const faultSchema = z
  .object({
    service: z.enum(['spotify', 'spotify-accounts', 'google', 'apple', 'github', 'apple_music']),
    method: z.string().default('*'),
    route: z.string().default('*'),
    times: z.number().int().positive().default(1),
    skip: z.number().int().nonnegative().default(0),
    /** Share of the matching calls that it happens to; the others go on to the faults after it. */
    chance: z.number().gt(0).max(1).default(1),
    /** Answers with this status and performs nothing. */
    status: z.number().int().min(200).max(599).optional(),
    /** Seconds, sent as `Retry-After`. */
    retryAfter: z.number().int().nonnegative().optional(),
    /** Waits before the call is handled. */
    delayMs: z.number().int().nonnegative().optional(),
    /** Performs the call, then closes the connection without an answer. */
    dropAnswer: z.boolean().optional(),
    /** Closes the connection without performing the call. */
    hangUp: z.boolean().optional(),
    /** Closes the connection at once and performs the call this much later. */
    landLateMs: z.number().int().nonnegative().optional(),
    /** With `status` the whole answer; without it, fields that replace those of the real answer. */
    body: z.unknown().optional(),
    /** A refresh also gives a new refresh token and ends the old one. */
    rotateRefreshToken: z.boolean().optional(),
    /** A write of the Web API stays invisible to its reads for this long. */
    readLagMs: z.number().int().positive().optional(),
  })
  .strict();

export type Fault = z.infer<typeof faultSchema>;
export type FaultService = Fault['service'];

/** The faults that are still to happen. */
export class FaultBook {
  #faults: Fault[] = [];
  readonly #random = new Random(1);

  add(fault: Fault): void {
    this.#faults.push({ ...fault });
  }

  clear(): void {
    this.#faults = [];
  }

  /** What is left, for looking. */
  list(): Fault[] {
    return this.#faults.map((fault) => ({ ...fault }));
  }

  /** The fault for this call, which uses up one of its turns. */
  take(service: FaultService, method: string, route: string): Fault | undefined {
    return this.#take(service, method, route, (fault) => fault.readLagMs === undefined);
  }

  /** How long this write stays invisible, in ms; uses up one turn of the fault that says so. */
  takeReadLag(service: FaultService, method: string, route: string): number {
    return this.#take(service, method, route, (fault) => fault.readLagMs !== undefined)?.readLagMs ?? 0;
  }

  #take(service: FaultService, method: string, route: string, kind: (fault: Fault) => boolean): Fault | undefined {
    for (const fault of this.#faults) {
      const fits = (wanted: string, real: string) => wanted === '*' || wanted.toUpperCase() === real.toUpperCase();
      if (!kind(fault) || fault.service !== service || !fits(fault.method, method) || !fits(fault.route, route))
        continue;
      if (fault.skip > 0) {
        fault.skip -= 1;
        continue;
      }
      if (fault.chance < 1 && this.#random.next() >= fault.chance) continue;
      fault.times -= 1;
      if (fault.times === 0) this.#faults = this.#faults.filter((other) => other !== fault);
      return fault;
    }
    return undefined;
  }
}
