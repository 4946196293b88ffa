/** A token of the wrong type is a compile error, wherever it is used. */
import { chatModel, createToken, inject, injectable, Tools, type ModelHandle, type Token, type ToolRegistry, type Container } from '@modelport/host';
import { describe, expectTypeOf, it } from 'vitest';

interface Clock { now(): number }
const Clock: Token<Clock> = createToken<Clock>('clock');

describe('@inject', () => {
  it('takes a token that fits its parameter', () => {
    @injectable()
    class Fine {
      constructor(@inject(chatModel('fast')) readonly model: ModelHandle, @inject(Tools) readonly tools: ToolRegistry, @inject(Clock) readonly clock: Clock) {}
    }
    expectTypeOf<ConstructorParameters<typeof Fine>>().toEqualTypeOf<[ModelHandle, ToolRegistry, Clock]>();
  });

  it('takes a token of more than its parameter wants', () => {
    class Narrow {
      constructor(@inject(chatModel('fast')) readonly model: Pick<ModelHandle, 'generate'>) {}
    }
    expectTypeOf(Narrow).toBeConstructibleWith({} as ModelHandle);
  });

  it('refuses a token of another type', () => {
    class Wrong {
      constructor(
        // @ts-expect-error a chat model is no clock
        @inject(chatModel('fast')) readonly clock: Clock,
        // @ts-expect-error a clock is no chat model
        @inject(Clock) readonly model: ModelHandle,
      ) {}
    }
    expectTypeOf(Wrong).not.toBeAny();
  });

  it('takes a class where an object of it is wanted, and refuses another', () => {
    class Engine {
      readonly power = 1;
    }
    class Car {
      constructor(
        @inject(Engine) readonly engine: Engine,
        // @ts-expect-error an engine is no clock
        @inject(Engine) readonly clock: Clock,
      ) {}
    }
    expectTypeOf(Car).not.toBeAny();
  });
});

describe('the container', () => {
  it('gives what the token or class stands for', () => {
    const container = {} as Container;
    expectTypeOf(container.resolve<Clock>).returns.toEqualTypeOf<Clock>();
    const resolved = (): Clock => container.resolve(Clock);
    expectTypeOf(resolved).returns.toEqualTypeOf<Clock>();
    // @ts-expect-error a clock is no number
    const wrong = (): number => container.resolve(Clock);
    expectTypeOf(wrong).toBeFunction();
  });

  it('registers only what fits the token', () => {
    const container = {} as Container;
    const register = (): void => {
      container.register(Clock, { value: { now: () => 1 } }, { owner: 'a test' });
      // @ts-expect-error the value has no now()
      container.register(Clock, { value: {} }, { owner: 'a test' });
      // @ts-expect-error the factory makes a number
      container.register(Clock, { factory: () => 1 }, { owner: 'a test' });
    };
    expectTypeOf(register).toBeFunction();
  });
});
