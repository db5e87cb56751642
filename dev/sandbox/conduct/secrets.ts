/** Every token, code, secret, e-mail address and person's name that went in or out, so that a leak can be looked for. */
export class SecretBook {
  readonly #secrets: Set<string>;
  readonly #changed: () => void;

  constructor(known: Iterable<string>, changed: () => void) {
    this.#secrets = new Set(known);
    this.#changed = changed;
  }

  add(...secrets: (string | null | undefined)[]): void {
    const before = this.#secrets.size;
    for (const secret of secrets) if (secret) this.#secrets.add(secret);
    if (this.#secrets.size > before) this.#changed();
  }

  list(): string[] {
    return [...this.#secrets];
  }
}
