/** A state that is replaced as a whole, and what a reader sees of it while reads lag behind writes. */
export class Lagging<State> {
  #current: State;
  #hidden: { until: number; before: State }[] = [];
  readonly #changed: () => void;

  constructor(state: State, changed: () => void) {
    this.#current = state;
    this.#changed = changed;
  }

  /** The truth. */
  get current(): State {
    return this.#current;
  }

  /** What a read shows: the state before the oldest write that is not visible yet. */
  visible(now = Date.now()): State {
    this.#hidden = this.#hidden.filter((entry) => entry.until > now);
    return this.#hidden[0]?.before ?? this.#current;
  }

  /** Puts a new state in the place of the old; reads go on showing the old one for `lagMs`. */
  write(next: State, lagMs = 0): void {
    if (lagMs > 0) this.#hidden.push({ until: Date.now() + lagMs, before: this.#current });
    this.#current = next;
    this.#changed();
  }
}
