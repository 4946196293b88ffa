/** The host's container: tsyringe constructs; owners, refusal of duplicates, and an orderly close are added here. */
import 'reflect-metadata';
import { container as root, instanceCachingFactory, type DependencyContainer } from 'tsyringe';
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import { withLimit } from '../lifecycle/time-limit.ts';
import { dependenciesOf, isInjectable, keyOf } from './decorators.ts';
import { nameOf, type Constructor, type Resolvable, type Token } from './token.ts';

/** How a registered thing comes to be. A factory or class makes one thing per container, at the first resolve. */
export type Registration<T> =
  | { readonly value: T }
  | { readonly factory: (container: Container) => T }
  | { readonly class: Constructor<T> };

/** Options of `register`. */
export interface RegisterOptions {
  /** Who registers: a backend, `the application`, ... Messages name it, and `unregister` takes back all of an owner. */
  readonly owner: string;
  /** Take the place of an earlier registration instead of failing with TOKEN_TAKEN. Default false. */
  readonly override?: boolean;
  /** Whether `close()` also closes a `value`. Things that a factory or class made are always closed. Default false. */
  readonly closeValue?: boolean;
}

/** One line of `list()`. */
export interface Registered {
  readonly token: string;
  readonly owner: string;
  readonly kind: 'value' | 'factory' | 'class';
}

interface Closable {
  readonly owner: string;
  readonly name: string;
  readonly close: () => unknown;
}

/** Longest wait for one thing to close, in milliseconds. */
const CLOSE_LIMIT_MS = 5_000;

/** Holds what the host injects. Only registered tokens, and classes marked `@injectable()`, resolve. */
export class Container {
  readonly #inner: DependencyContainer;
  readonly #parent: Container | undefined;
  readonly #find: ((token: Token<unknown>) => unknown) | undefined;
  readonly #registered = new Map<string, Registered>();
  readonly #closables: Closable[] = [];
  #closing: Promise<void> | undefined;

  /**
   * @param parent falls back on it
   * @param find asked for a token that nobody registered: a value registered from then on, or `undefined`
   */
  constructor(parent?: Container, find?: (token: Token<unknown>) => unknown) {
    this.#parent = parent;
    this.#find = find;
    this.#inner = parent ? parent.#inner.createChildContainer() : root.createChildContainer();
  }

  /** Puts something in. Throws TOKEN_TAKEN naming both owners, unless `override` is set. */
  register<T>(token: Token<T>, registration: Registration<T>, options: RegisterOptions): this {
    const taken = this.#registered.get(token.name);
    if (taken && !options.override) throw modelportError('TOKEN_TAKEN', { token: token.name, owner: taken.owner, newcomer: options.owner });
    const key = keyOf(token) as string;
    if ('value' in registration) {
      this.#inner.register(key, { useFactory: () => registration.value });
      if (options.closeValue) this.#remember(token.name, options.owner, registration.value);
    } else {
      this.#inner.register(key, { useFactory: instanceCachingFactory(() => this.#make(token.name, options.owner, registration)) });
    }
    const kind = 'value' in registration ? 'value' : 'factory' in registration ? 'factory' : 'class';
    this.#registered.set(token.name, { token: token.name, owner: options.owner, kind });
    return this;
  }

  /** Takes back one token, or everything of one owner. Returns how many registrations went. */
  unregister(what: Token<unknown> | { readonly owner: string }): number {
    const names = 'owner' in what ? this.list().filter(({ owner }) => owner === what.owner).map(({ token }) => token) : [what.name];
    return names.filter((name) => this.#registered.delete(name)).length;
  }

  /** Whether a token is registered here or in a parent. */
  has(token: Token<unknown>): boolean {
    return this.#registered.has(token.name) || (this.#parent?.has(token) ?? false);
  }

  /** What is registered here, in order. */
  list(): Registered[] {
    return [...this.#registered.values()];
  }

  /**
   * Looks up a token, or constructs a class marked `@injectable()` with what its parameters ask for.
   * Throws TOKEN_UNKNOWN with near names, also for a missing dependency of a class.
   */
  resolve<T>(wanted: Resolvable<T>): T {
    if (this.#closing) throw modelportError('HOST_CLOSED', {});
    this.#check(wanted, undefined, new Set());
    return this.#inner.resolve<T>(keyOf(wanted) as string);
  }

  /** A container that falls back on this one and is closed before it. */
  child(): Container {
    const child = new Container(this);
    this.#closables.push({ owner: 'a child container', name: 'child', close: () => child.close() });
    return child;
  }

  /** Closes what this container made, in reverse order, once, to the end even when one throws. Throws CLOSE_FAILED at the end. */
  close(): Promise<void> {
    return (this.#closing ??= this.#closeAll());
  }

  async #closeAll(): Promise<void> {
    const failures: string[] = [];
    for (const { owner, name, close } of this.#closables.splice(0).reverse()) {
      try {
        await withLimit(Promise.resolve().then(close), CLOSE_LIMIT_MS, () => new Error(`did not close within ${CLOSE_LIMIT_MS} ms`));
      } catch (error) {
        failures.push(`${name} of ${owner}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    if (failures.length > 0) throw modelportError('CLOSE_FAILED', { failures });
  }

  #make<T>(name: string, owner: string, registration: Exclude<Registration<T>, { readonly value: T }>): T {
    const made = 'factory' in registration ? registration.factory(this) : this.#inner.resolve<T>(keyOf(registration.class) as string);
    this.#remember(name, owner, made);
    return made;
  }

  #remember(name: string, owner: string, made: unknown): void {
    const closable = made as { close?: unknown } | null;
    if (typeof closable === 'object' && closable !== null && typeof closable.close === 'function') {
      this.#closables.push({ owner, name, close: closable.close.bind(closable) as () => unknown });
    }
  }

  #check(wanted: Resolvable<unknown>, by: string | undefined, seen: Set<unknown>): void {
    if (seen.has(wanted)) return;
    seen.add(wanted);
    if (typeof wanted !== 'function') {
      if (!this.has(wanted) && !this.#adopt(wanted)) throw this.#unknown(wanted, by);
      return;
    }
    if (!isInjectable(wanted)) throw this.#unknown(wanted, by);
    for (const dependency of dependenciesOf(wanted)) this.#check(dependency, nameOf(wanted), seen);
  }

  /** Registers what `find` knows for a token, here or in a parent. */
  #adopt(token: Token<unknown>): boolean {
    const value = this.#find?.(token);
    if (value === undefined) return this.#parent ? this.#parent.#adopt(token) : false;
    this.register(token, { value }, { owner: 'the host' });
    return true;
  }

  #unknown(wanted: Resolvable<unknown>, wantedBy: string | undefined): Error {
    const names = [...this.#names()];
    return modelportError('TOKEN_UNKNOWN', { token: nameOf(wanted), near: nearNames(nameOf(wanted), names), wantedBy });
  }

  *#names(): Iterable<string> {
    yield* this.#registered.keys();
    if (this.#parent) yield* this.#parent.#names();
  }
}
