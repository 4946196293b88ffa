/** A secret that cannot be shown by accident: printing, inspecting or serialising it gives `[secret apiKey]`. */

/** Holds the text of one secret. Only `reveal()` gives it away. */
export class SecretValue {
  /** What the secret is called, such as `apiKey`. */
  readonly name: string;
  readonly #value: string;

  constructor(name: string, value: string) {
    this.name = name;
    this.#value = value;
    Object.freeze(this);
  }

  /** The secret itself. */
  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return `[secret ${this.name}]`;
  }

  toJSON(): string {
    return this.toString();
  }

  [Symbol.toPrimitive](): string {
    return this.toString();
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
