/** Counts the parts that hang together among nodes that come one by one, by union-find with sizes. */
export class Components {
  readonly #parents: number[] = [];
  readonly #sizes: number[] = [];
  readonly #numbers = new Map<string, number>();

  /** Makes sure that the node is counted, also one without any edge. */
  add(id: string): number {
    const known = this.#numbers.get(id);
    if (known !== undefined) return known;
    const number = this.#parents.length;
    this.#numbers.set(id, number);
    this.#parents.push(number);
    this.#sizes.push(1);
    return number;
  }

  join(one: string, other: string): void {
    let [larger, smaller] = [this.#root(this.add(one)), this.#root(this.add(other))];
    if (larger === smaller) return;
    if (this.#size(larger) < this.#size(smaller)) [larger, smaller] = [smaller, larger];
    this.#parents[smaller] = larger;
    this.#sizes[larger] = this.#size(larger) + this.#size(smaller);
  }

  /** The same number for all nodes of one part, until more are joined. */
  partOf(id: string): number {
    return this.#root(this.add(id));
  }

  /** How many parts there are, of how many nodes the largest is, and how many nodes are on their own. */
  summary(): { count: number; largest: number; isolated: number } {
    const sizes = this.#sizes.filter((_, number) => this.#parents[number] === number);
    return {
      count: sizes.length,
      largest: sizes.reduce((most, size) => Math.max(most, size), 0),
      isolated: sizes.filter((size) => size === 1).length,
    };
  }

  #size(number: number): number {
    return this.#sizes[number] ?? 0;
  }

  #root(number: number): number {
    let root = number;
    for (let up = this.#parents[root]; up !== undefined && up !== root; up = this.#parents[root]) {
      // Halves the way for those who come after.
      this.#parents[root] = this.#parents[up] ?? up;
      root = up;
    }
    return root;
  }
}
