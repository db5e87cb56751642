/** Calls of one kind; `status` 0 stands for a call whose answer was withheld. */
export interface CallCount {
  service: string;
  method: string;
  route: string;
  status: number;
  count: number;
}

/** Counts the calls to each service by method, route pattern and status. */
export class CallCounter {
  #counts = new Map<string, CallCount>();

  count(service: string, method: string, route: string, status: number): void {
    const key = JSON.stringify([service, method, route, status]);
    const present = this.#counts.get(key) ?? { service, method, route, status, count: 0 };
    present.count += 1;
    this.#counts.set(key, present);
  }

  list(): CallCount[] {
    return [...this.#counts.values()].map((entry) => ({ ...entry }));
  }

  clear(): void {
    this.#counts.clear();
  }
}
