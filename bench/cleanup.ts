/** What has to be stopped when a benchmark ends, however it ends; last started, first stopped. */
export class Cleanup {
  #steps: (() => Promise<void> | void)[] = [];
  #running: Promise<void> | undefined;

  add(step: () => Promise<void> | void): void {
    this.#steps.push(step);
  }

  /** Does every step once; a step that fails doesn't keep the others from being done. */
  run(): Promise<void> {
    return (this.#running ??= this.#doAll());
  }

  async #doAll(): Promise<void> {
    for (let step = this.#steps.pop(); step; step = this.#steps.pop()) {
      try {
        await step();
      } catch (error) {
        console.error(`While cleaning up: ${(error as Error).message}`);
      }
    }
  }
}
