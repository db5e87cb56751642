/** A reproducible source of chance: the same seed gives the same sequence (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed >>> 0;
  }

  /** A number from 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  }

  /** A whole number from 0 up to, not including, `limit`. */
  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  /** The things in another order. */
  shuffle<T>(things: readonly T[]): T[] {
    const order = things.map((thing) => ({ thing, key: this.next() }));
    return order.sort((a, b) => a.key - b.key).map(({ thing }) => thing);
  }

  /** Up to `count` different things. */
  pick<T>(things: readonly T[], count: number): T[] {
    return this.shuffle(things).slice(0, count);
  }
}
