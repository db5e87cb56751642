/** Lets so many at once work on each thing; the others wait for their turn, in order. */
export class Turns {
  readonly #most: number;
  readonly #held = new Map<string, number>();
  readonly #waiting = new Map<string, (() => void)[]>();

  constructor(most: number) {
    this.#most = most;
  }

  /** Waits for a turn, `milliseconds` at most. Gives what ends it, and whether it was waited for; null where none came. */
  async take(key: string, milliseconds: number): Promise<{ end: () => void; waited: boolean } | null> {
    const end = () => this.#end(key);
    const held = this.#held.get(key) ?? 0;
    if (held < this.#most) {
      this.#held.set(key, held + 1);
      return { end, waited: false };
    }
    return (await this.#wait(key, milliseconds)) ? { end, waited: true } : null;
  }

  #wait(key: string, milliseconds: number): Promise<boolean> {
    const queue = this.#waiting.get(key) ?? [];
    this.#waiting.set(key, queue);
    return new Promise((resolve) => {
      const come = () => {
        clearTimeout(timer);
        resolve(true);
      };
      const timer = setTimeout(() => {
        queue.splice(queue.indexOf(come), 1);
        resolve(false);
      }, milliseconds);
      queue.push(come);
    });
  }

  /** Hands the turn on, or gives it back. */
  #end(key: string): void {
    const next = this.#waiting.get(key)?.shift();
    if (next) return next();
    this.#waiting.delete(key);
    const held = (this.#held.get(key) ?? 1) - 1;
    if (held > 0) this.#held.set(key, held);
    else this.#held.delete(key);
  }
}
