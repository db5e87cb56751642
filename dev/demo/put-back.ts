/** What the demo has changed beside the library, each with the way to undo it; undone last first. */
export class PutBack {
  readonly #steps: { what: string; undo: () => Promise<unknown> }[] = [];

  /** @returns call it when there is nothing to undo any more */
  add(what: string, undo: () => Promise<unknown>): () => void {
    const step = { what, undo };
    this.#steps.push(step);
    return () => {
      const at = this.#steps.indexOf(step);
      if (at >= 0) this.#steps.splice(at, 1);
    };
  }

  /** Undoes everything that can be undone. @returns what could not, as sentences */
  async all(): Promise<string[]> {
    const left: string[] = [];
    for (const { what, undo } of this.#steps.splice(0).reverse()) {
      try {
        await undo();
      } catch (error) {
        left.push(`Could not ${what}: ${error instanceof Error ? error.message : 'unknown failure'}`);
      }
    }
    return left;
  }
}
