/** A typed key of the container: the type of what it stands for travels with it. */

/** A key under which a value of type `T` is registered. Two tokens with one name are the same key. */
export interface Token<T> {
  /** What messages call it, e.g. `chat-model:fast`. */
  readonly name: string;
  /** Never present at run time; it carries the type. */
  readonly valueType?: () => T;
}

/** Makes a token for an application's own service: `const Clock = createToken<Clock>('clock')`. */
export function createToken<T>(name: string): Token<T> {
  return Object.freeze({ name });
}

/** A class that the container can construct. */
export type Constructor<T> = abstract new (...parameters: never[]) => T;

/** What `resolve()` takes: a token, or a class marked `@injectable()`. */
export type Resolvable<T> = Token<T> | Constructor<T>;

/** What messages call a token or a class. */
export function nameOf(wanted: Resolvable<unknown>): string {
  return typeof wanted === 'function' ? `class ${wanted.name}` : wanted.name;
}
