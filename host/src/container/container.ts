/** The host's container: tsyringe constructs; owners, refusal of duplicates, and an orderly close are added here. */
import 'reflect-metadata';
import { container as root, type DependencyContainer } from 'tsyringe';
import { ModelportError, modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import { Closables } from './closables.ts';
import { dependenciesOf, isInjectable, keyOf } from './decorators.ts';
import { nameOf, type Constructor, type Resolvable, type Token } from './token.ts';

/** How a registered thing comes to be. */
export type Registration<T> =
  | { readonly value: T }
  | { readonly factory: (container: Container) => T }
  | { readonly class: Constructor<T> };

/**
 * How many of a thing a factory or class makes. `single`: one, for this container and its children. `scoped`: one for each container that
 * asks, for what belongs to a request. `transient`: a new one each time; whoever asked closes it.
 */
export type Scope = 'single' | 'scoped' | 'transient';

/** Options of `register`. */
export interface RegisterOptions {
  /** Who registers: a backend, `the application`, ... Messages name it, and `unregister` takes back all of an owner. */
  readonly owner: string;
  /** Take the place of an earlier registration instead of failing with TOKEN_TAKEN. Default false. */
  readonly override?: boolean;
  /** How many a factory or class makes. Default `single`. */
  readonly scope?: Scope;
  /** Whether `close()` also closes a `value`. Single and scoped things that a factory or class made are always closed. Default false. */
  readonly closeValue?: boolean;
}

/** One line of `list()`. */
export interface Registered {
  readonly token: string;
  readonly owner: string;
  readonly kind: 'value' | 'factory' | 'class';
}

interface Entry extends Registered {
  readonly provide: (asking: Container) => unknown;
}

const containers = new WeakMap<DependencyContainer, Container>();

/** Holds what the host injects. Only registered tokens, and classes marked `@injectable()`, resolve. */
export class Container {
  readonly #inner: DependencyContainer;
  readonly #parent: Container | undefined;
  readonly #find: ((token: Token<unknown>) => unknown) | undefined;
  readonly #entries = new Map<string, Entry>();
  /** Names tsyringe knows; it keeps every registration of a name, so each is told to it once. */
  readonly #told = new Set<string>();
  readonly #closables = new Closables();
  /** Names under construction, outermost first. */
  readonly #making: string[];
  /** What a factory threw, before tsyringe wraps it. */
  #thrown: { readonly error: unknown } | undefined;
  #closing: Promise<void> | undefined;
  #leaveParent: (() => void) | undefined;

  /**
   * @param parent falls back on it
   * @param find asked for a token that nobody registered: a value registered from then on, or `undefined`
   */
  constructor(parent?: Container, find?: (token: Token<unknown>) => unknown) {
    this.#parent = parent;
    this.#find = find;
    this.#making = parent ? parent.#making : [];
    this.#inner = (parent ? parent.#inner : root).createChildContainer();
    containers.set(this.#inner, this);
  }

  /** Puts something in. Throws TOKEN_TAKEN naming both owners, unless `override` is set; HOST_CLOSED after `close`. */
  register<T>(token: Token<T>, registration: Registration<T>, options: RegisterOptions): this {
    this.#assertOpen();
    const { name } = token;
    const { owner, override = false, scope = 'single', closeValue = false } = options;
    const taken = this.#entries.get(name);
    if (taken && !override) throw modelportError('TOKEN_TAKEN', { token: name, owner: taken.owner, newcomer: owner });
    if ('value' in registration) {
      const { value } = registration;
      this.#entries.set(name, { token: name, owner, kind: 'value', provide: () => value });
      if (closeValue) this.#closables.addValue(name, owner, value);
    } else {
      const make = 'factory' in registration ? registration.factory : (asking: Container): T => asking.resolve(registration.class);
      this.#entries.set(name, { token: name, owner, kind: 'factory' in registration ? 'factory' : 'class', provide: this.#provider(name, owner, scope, make) });
    }
    if (!this.#told.has(name)) {
      this.#told.add(name);
      this.#inner.register(keyOf(token) as string, { useFactory: (asking) => this.#provide(name, containers.get(asking) ?? this) });
    }
    return this;
  }

  /** Takes back one token, or everything of one owner; what it made closes with the container. Returns how many registrations went. */
  unregister(what: Token<unknown> | { readonly owner: string }): number {
    const names = 'owner' in what ? this.list().filter(({ owner }) => owner === what.owner).map(({ token }) => token) : [what.name];
    return names.filter((name) => this.#entries.delete(name)).length;
  }

  /** Whether a token is registered here or in a parent. */
  has(token: Token<unknown>): boolean {
    return this.#entries.has(token.name) || (this.#parent?.has(token) ?? false);
  }

  /** What is registered here, in order. */
  list(): Registered[] {
    return [...this.#entries.values()].map(({ token, owner, kind }) => ({ token, owner, kind }));
  }

  /**
   * Looks up a token, or constructs a class marked `@injectable()` with what its parameters ask for; such a class is a new object each time,
   * and closed by whoever asked. Throws TOKEN_UNKNOWN with near names, also for a missing dependency of a class; TOKEN_CYCLE; HOST_CLOSED
   * after `close`.
   */
  resolve<T>(wanted: Resolvable<T>): T {
    this.#assertOpen();
    this.#check(wanted, []);
    try {
      return this.#inner.resolve<T>(keyOf(wanted) as string);
    } catch (error) {
      const thrown = this.#thrown;
      this.#thrown = undefined;
      throw thrown && !ModelportError.is(error) ? thrown.error : error;
    }
  }

  /** A container that falls back on this one and is closed before what this one made earlier. */
  child(): Container {
    this.#assertOpen();
    const child = new Container(this);
    child.#leaveParent = this.#closables.add({ owner: 'this container', name: 'a child container', close: () => child.close() });
    return child;
  }

  /**
   * Closes what this container made, its children included, in reverse order, each within 5 s, to the end even when one throws. Throws
   * CLOSE_FAILED at the end. Idempotent.
   */
  close(): Promise<void> {
    this.#leaveParent?.();
    return (this.#closing ??= this.#closables.close());
  }

  #provider<T>(name: string, owner: string, scope: Scope, make: (asking: Container) => T): (asking: Container) => T {
    const made = new WeakMap<Container, { readonly value: T }>();
    return (asking) => {
      const home = scope === 'single' ? this : asking;
      const known = made.get(home);
      if (known) return known.value;
      const value = this.#make(name, () => make(home));
      if (scope === 'transient') return value;
      made.set(home, { value });
      home.#closables.addValue(name, owner, value);
      return value;
    };
  }

  #make<T>(name: string, make: () => T): T {
    if (this.#making.includes(name)) throw cycle([...this.#making.slice(this.#making.indexOf(name)), name]);
    this.#making.push(name);
    try {
      return make();
    } finally {
      this.#making.pop();
    }
  }

  #provide(name: string, asking: Container): unknown {
    const entry = this.#entries.get(name);
    if (!entry) return this.#parent && this.#parent.#provide(name, asking);
    try {
      return entry.provide(asking);
    } catch (error) {
      asking.#thrown ??= { error };
      throw error;
    }
  }

  #check(wanted: Resolvable<unknown>, path: readonly Resolvable<unknown>[]): void {
    if (typeof wanted !== 'function') {
      if (!this.has(wanted) && !this.#adopt(wanted)) throw this.#unknown(wanted, path.at(-1));
      return;
    }
    if (path.includes(wanted)) throw cycle([...path.slice(path.indexOf(wanted)), wanted].map(nameOf));
    if (!isInjectable(wanted)) throw this.#unknown(wanted, path.at(-1));
    for (const dependency of dependenciesOf(wanted)) this.#check(dependency, [...path, wanted]);
  }

  /** Registers what `find` knows for a token, here or in a parent. */
  #adopt(token: Token<unknown>): boolean {
    const value = this.#find?.(token);
    if (value === undefined) return this.#parent ? this.#parent.#adopt(token) : false;
    this.register(token, { value }, { owner: 'the host' });
    return true;
  }

  #assertOpen(): void {
    if (this.#closing) throw modelportError('HOST_CLOSED', {}, { retryable: false });
  }

  #unknown(wanted: Resolvable<unknown>, by: Resolvable<unknown> | undefined): Error {
    return modelportError('TOKEN_UNKNOWN', { token: nameOf(wanted), near: nearNames(nameOf(wanted), [...this.#names()]), wantedBy: by && nameOf(by) });
  }

  *#names(): Iterable<string> {
    yield* this.#entries.keys();
    if (this.#parent) yield* this.#parent.#names();
  }
}

function cycle(ring: readonly string[]): Error {
  return modelportError('TOKEN_CYCLE', { ring });
}
