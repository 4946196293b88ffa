/** The container: who may register and resolve what, and how everything closes. */
import { inject, injectable } from '../../src/container/decorators.ts';
import { Container } from '../../src/container/container.ts';
import { createToken } from '../../src/container/token.ts';
import { ModelportError } from '../../src/errors/modelport-error.ts';
import { afterEach, describe, expect, it, vi } from 'vitest';

interface Clock { now(): number }
const Clock = createToken<Clock>('clock');
const Name = createToken<string>('name');
const owner = 'the application';

afterEach(() => { vi.useRealTimers(); });

function thrownBy(work: () => unknown): ModelportError {
  try {
    work();
  } catch (error) {
    if (ModelportError.is(error)) return error;
    throw new Error(`expected a ModelportError, got ${String(error)}`, { cause: error });
  }
  throw new Error('nothing was thrown');
}

async function rejectionOf(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (ModelportError.is(error)) return error;
  throw new Error(`expected a ModelportError, got ${String(error)}`);
}

/** Something that notes when it is closed. */
function closable(name: string, closed: string[], fails?: string): { close(): Promise<void> } {
  return { close: async () => { closed.push(name); if (fails !== undefined) throw new Error(fails); } };
}

@injectable()
class Greeter {
  constructor(@inject(Name) readonly name: string) {}
}

@injectable()
class Party {
  constructor(@inject(Greeter) readonly greeter: Greeter, @inject(Clock) readonly clock: Clock) {}
}

class Unmarked {}

describe('registering', () => {
  it('refuses a name twice and names both owners', () => {
    const container = new Container().register(Name, { value: 'a' }, { owner: 'backend "a"' });
    const error = thrownBy(() => container.register(Name, { value: 'b' }, { owner: 'backend "b"' }));
    expect(error.code).toBe('TOKEN_TAKEN');
    expect(error.message).toContain('backend "a"');
    expect(error.message).toContain('backend "b"');
    expect(container.resolve(Name)).toBe('a');
  });

  it('takes another value where override is asked for', () => {
    const container = new Container().register(Name, { value: 'a' }, { owner });
    container.register(Name, { value: 'b' }, { owner: 'a test', override: true });
    expect(container.resolve(Name)).toBe('b');
    expect(container.list()).toEqual([{ token: 'name', owner: 'a test', kind: 'value' }]);
  });

  it('takes back one token, or everything of an owner', () => {
    const container = new Container().register(Name, { value: 'a' }, { owner }).register(Clock, { value: { now: () => 1 } }, { owner });
    expect(container.unregister(Name)).toBe(1);
    expect(thrownBy(() => container.resolve(Name)).code).toBe('TOKEN_UNKNOWN');
    expect(container.unregister({ owner })).toBe(1);
    expect(container.list()).toEqual([]);
    expect(container.register(Name, { value: 'again' }, { owner }).resolve(Name)).toBe('again');
  });
});

describe('resolving', () => {
  it('constructs a marked class with what its parameters ask for, a new one each time', () => {
    const container = new Container().register(Name, { value: 'Ada' }, { owner }).register(Clock, { value: { now: () => 7 } }, { owner });
    const party = container.resolve(Party);
    expect(party.greeter.name).toBe('Ada');
    expect(party.clock.now()).toBe(7);
    expect(container.resolve(Party)).not.toBe(party);
  });

  it('refuses an unregistered token with near names', () => {
    const container = new Container().register(Name, { value: 'Ada' }, { owner });
    const error = thrownBy(() => container.resolve(createToken('nane')));
    expect(error.code).toBe('TOKEN_UNKNOWN');
    expect(error.message).toContain('Did you mean "name"?');
  });

  it('refuses a class that is not marked', () => {
    expect(thrownBy(() => new Container().resolve(Unmarked)).message).toContain('class Unmarked');
  });

  it('names the class that wants what is missing', () => {
    const error = thrownBy(() => new Container().register(Name, { value: 'Ada' }, { owner }).resolve(Party));
    expect(error.message).toContain('"clock"');
    expect(error.message).toContain('class Party');
  });

  it('names the class that wants what is missing also when the class is registered under a token', () => {
    const Host = createToken<Greeter>('greeter');
    const error = thrownBy(() => new Container().register(Host, { class: Greeter }, { owner }).resolve(Host));
    expect(error.code).toBe('TOKEN_UNKNOWN');
    expect(error.message).toContain('class Greeter');
  });

  it('refuses a class whose parameter has no token', () => {
    expect(() => {
      @injectable()
      class Bare {
        constructor(readonly name: string) {}
      }
      return Bare;
    }).toThrow('Parameter 0 of class Bare has no @inject(token)');
  });

  it('names the ring of things that need one another', () => {
    const A = createToken<number>('a');
    const B = createToken<number>('b');
    const container = new Container().register(A, { factory: (inner) => inner.resolve(B) }, { owner }).register(B, { factory: (inner) => inner.resolve(A) }, { owner });
    expect(thrownBy(() => container.resolve(A)).message).toContain('a -> b -> a');
    expect(thrownBy(() => container.resolve(A)).code).toBe('TOKEN_CYCLE');
  });

  it('throws what a factory threw, also from within a class', () => {
    const container = new Container().register(Clock, { value: { now: () => 7 } }, { owner });
    container.register(Name, { factory: () => { throw new ModelportError('SPEC_UNKNOWN', { spec: 'x', near: [], aliases: [], backends: [] }); } }, { owner });
    expect(thrownBy(() => container.resolve(Party)).code).toBe('SPEC_UNKNOWN');
  });
});

describe('scopes', () => {
  it('a single thing is made once, for children too', () => {
    let made = 0;
    const container = new Container().register(Clock, { factory: () => { made += 1; return { now: () => made }; } }, { owner });
    const child = container.child();
    expect(child.resolve(Clock)).toBe(container.resolve(Clock));
    expect(made).toBe(1);
  });

  it('a scoped thing is made once for each container that asks, and closes with it', async () => {
    const closed: string[] = [];
    let made = 0;
    const Session = createToken<{ close(): Promise<void> }>('session');
    const container = new Container().register(Session, { factory: () => closable(`session ${++made}`, closed) }, { owner, scope: 'scoped' });
    const first = container.child();
    const second = container.child();
    expect(first.resolve(Session)).toBe(first.resolve(Session));
    expect(second.resolve(Session)).not.toBe(first.resolve(Session));
    await first.close();
    expect(closed).toEqual(['session 1']);
    await container.close();
    expect(closed).toEqual(['session 1', 'session 2']);
  });

  it('a transient thing is a new one each time and belongs to whoever asked', async () => {
    const closed: string[] = [];
    const Job = createToken<{ close(): Promise<void> }>('job');
    const container = new Container().register(Job, { factory: () => closable('job', closed) }, { owner, scope: 'transient' });
    expect(container.resolve(Job)).not.toBe(container.resolve(Job));
    await container.close();
    expect(closed).toEqual([]);
  });

  it('a child covers a name of its parent without touching it, and uncovers it again', () => {
    const container = new Container().register(Name, { value: 'parent' }, { owner });
    const child = container.child().register(Name, { value: 'child' }, { owner });
    expect([child.resolve(Greeter).name, container.resolve(Greeter).name]).toEqual(['child', 'parent']);
    child.unregister(Name);
    expect(child.resolve(Greeter).name).toBe('parent');
  });
});

describe('closing', () => {
  it('closes what was made in reverse order, to the end even when one throws, and tells who failed', async () => {
    const closed: string[] = [];
    const container = new Container();
    for (const name of ['first', 'second', 'third']) {
      container.register(createToken(name), { factory: () => closable(name, closed, name === 'second' ? 'stuck' : undefined) }, { owner: `owner of ${name}` });
    }
    for (const name of ['first', 'second', 'third']) container.resolve(createToken(name));
    const error = await rejectionOf(container.close());
    expect(closed).toEqual(['third', 'second', 'first']);
    expect(error.code).toBe('CLOSE_FAILED');
    expect(error.message).toContain('second of owner of second: stuck');
  });

  it('closes once, however often it is asked', async () => {
    const closed: string[] = [];
    const container = new Container().register(Name, { value: closable('value', closed) as unknown as string }, { owner, closeValue: true });
    await Promise.all([container.close(), container.close()]);
    await container.close();
    expect(closed).toEqual(['value']);
  });

  it('leaves alone what was never made, and values it does not own', async () => {
    const closed: string[] = [];
    const container = new Container().register(createToken('value'), { value: closable('value', closed) }, { owner }).register(createToken('unmade'), { factory: () => closable('unmade', closed) }, { owner });
    await container.close();
    expect(closed).toEqual([]);
  });

  it('does not wait longer than 5 s for one thing', async () => {
    vi.useFakeTimers();
    const closed: string[] = [];
    const Stuck = createToken<object>('stuck');
    const Fine = createToken<object>('fine');
    const container = new Container().register(Fine, { factory: () => closable('fine', closed) }, { owner }).register(Stuck, { factory: () => ({ close: () => new Promise(() => undefined) }) }, { owner });
    container.resolve(Fine);
    container.resolve(Stuck);
    const error = rejectionOf(container.close());
    await vi.advanceTimersByTimeAsync(5_000);
    expect((await error).message).toContain('stuck of the application: did not close within 5000 ms');
    expect(closed).toEqual(['fine']);
  });

  it('closes children before what was made earlier, and forgets a child that closed by itself', async () => {
    const closed: string[] = [];
    const container = new Container().register(createToken('early'), { factory: () => closable('early', closed) }, { owner });
    container.resolve(createToken('early'));
    const kept = container.child().register(createToken('kept'), { factory: () => closable('kept', closed) }, { owner });
    const gone = container.child().register(createToken('gone'), { factory: () => closable('gone', closed) }, { owner });
    kept.resolve(createToken('kept'));
    gone.resolve(createToken('gone'));
    await gone.close();
    await container.close();
    expect(closed).toEqual(['gone', 'kept', 'early']);
  });

  it('disposes what has no close() but can be disposed', async () => {
    const closed: string[] = [];
    const Thing = createToken<AsyncDisposable>('thing');
    const container = new Container().register(Thing, { factory: () => ({ [Symbol.asyncDispose]: async () => { closed.push('disposed'); } }) }, { owner });
    container.resolve(Thing);
    await container.close();
    expect(closed).toEqual(['disposed']);
  });

  it('refuses everything afterwards, in children too', async () => {
    const container = new Container().register(Name, { value: 'a' }, { owner });
    const child = container.child();
    await container.close();
    const codes = [() => container.resolve(Name), () => container.register(Clock, { value: { now: () => 1 } }, { owner }), () => container.child(), () => child.resolve(Name)].map((work) => thrownBy(work).code);
    expect(codes).toEqual(['HOST_CLOSED', 'HOST_CLOSED', 'HOST_CLOSED', 'HOST_CLOSED']);
  });
});
