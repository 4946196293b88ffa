/** `@injectable()` and a type-checked `@inject(token)`: the two decorators of classes that the container constructs. */
import 'reflect-metadata';
import { inject as tsyringeInject, injectable as tsyringeInjectable } from 'tsyringe';
import type { Constructor, Resolvable } from './token.ts';

/** Shown by the compiler where a token's type does not fit the parameter it decorates. */
export interface TokenDoesNotFit<Offered, Wanted> {
  readonly 'the token offers': Offered;
  readonly 'the parameter wants': Wanted;
}

type Fits<Offered, Wanted, Index> = Offered extends Wanted ? Index : TokenDoesNotFit<Offered, Wanted>;

/** A parameter decorator that compiles only on a constructor parameter which takes an `Offered`. */
export type Injected<Offered> = <Class extends Constructor<unknown>, Index extends number>(
  target: Class,
  key: undefined,
  index: Index & Fits<Offered, ConstructorParameters<Class>[Index], Index>,
) => void;

const wantedBy = new WeakMap<object, Map<number, Resolvable<unknown>>>();
const injectables = new WeakSet();

/** Marks a class as one the container may construct. Every constructor parameter needs an `@inject(...)`. */
export function injectable(): <Class extends Constructor<unknown>>(target: Class) => void {
  return (target) => {
    const wanted = wantedBy.get(target);
    for (let index = 0; index < target.length; index++) {
      if (!wanted?.has(index)) throw new TypeError(`Parameter ${index} of class ${target.name} has no @inject(token): tokens are explicit here.`);
    }
    injectables.add(target);
    tsyringeInjectable()(target as unknown as new (...parameters: unknown[]) => unknown);
  };
}

/** Says which token fills a constructor parameter. A token of the wrong type is a compile error. */
export function inject<T>(wanted: Resolvable<T>): Injected<T> {
  return (target, key, index) => {
    const parameters = wantedBy.get(target) ?? new Map<number, Resolvable<unknown>>();
    parameters.set(index, wanted);
    wantedBy.set(target, parameters);
    tsyringeInject(keyOf(wanted))(target, key, index);
  };
}

/** The key tsyringe knows a token or a class by. */
export function keyOf(wanted: Resolvable<unknown>): string | (new (...parameters: unknown[]) => unknown) {
  return typeof wanted === 'function' ? (wanted as unknown as new (...parameters: unknown[]) => unknown) : `modelport:${wanted.name}`;
}

/** Whether a class carries `@injectable()`. */
export function isInjectable(target: object): boolean {
  return injectables.has(target);
}

/** What the constructor of a class asks for, in order of the parameters. */
export function dependenciesOf(target: Constructor<unknown>): Resolvable<unknown>[] {
  return [...(wantedBy.get(target) ?? [])].sort(([a], [b]) => a - b).map(([, wanted]) => wanted);
}
