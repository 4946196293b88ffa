/**
 * Watches what a plugin does around `context.http`: a socket it opens by itself to a host nobody declared is destroyed, and told. It stops
 * accidents, such as an SDK that phones home, not attacks. Exists only where `policy.socketGuard` is on.
 */
import type { Logger, Provider } from '@modelport/plugin-api';
import type { HostGrant } from '../http/host-policy.ts';
import { inPluginFrame } from '../http/plugin-frame.ts';
import { installSocketGuard } from '../http/socket-guard.ts';
import type { Events } from './events.ts';

/** Members of a provider and of what it hands out that run plugin code. */
const provided = ['chatModel', 'embeddingModel', 'rerankModel', 'listModels', 'describeModel', 'checkHealth', 'close'] as const;
const ofModels = ['stream', 'complete', 'embed', 'rerank'] as const;
const ofLocal = ['list', 'running', 'show', 'pull', 'available', 'remove', 'load', 'unload'] as const;
const ofTools = ['list', 'execute'] as const;

type Frame = <Result>(run: () => Result) => Result;

/** The guard of one host. */
export class PluginGuard {
  readonly #grants = new WeakSet<HostGrant>();
  readonly #uninstall: () => void;

  constructor(events: Events, log: Logger) {
    this.#uninstall = installSocketGuard({
      // Another host in this process has its own guard and its own plugins.
      covers: (grant) => this.#grants.has(grant),
      onRefused: (refused) => {
        log.warn(`${refused.plugin} opened a socket of its own to ${refused.host}, which backend "${refused.backend}" does not declare: it was closed.`);
        events.tell('socket:refused', refused);
      },
    });
  }

  /** Runs plugin code, such as `start()`, and all it begins, under a grant. */
  run<Result>(grant: HostGrant, code: () => Result): Result {
    this.#grants.add(grant);
    return inPluginFrame(grant, code);
  }

  /** The provider, each of whose calls runs under the grant. */
  provider(grant: HostGrant, provider: Provider): Provider {
    const frame: Frame = (code) => this.run(grant, code);
    return {
      ...framed(provider, provided, frame),
      ...(provider.local && { local: framed(provider.local, ofLocal, frame) }),
      ...(provider.tools && { tools: framed(provider.tools, ofTools, frame) }),
    };
  }

  /** Takes the guard away. Idempotent. */
  close(): void {
    this.#uninstall();
  }
}

/** A copy whose named methods run in the frame; what they hand out does too. */
function framed<Owner extends object>(owner: Owner, methods: readonly string[], frame: Frame): Owner {
  const members = owner as Readonly<Record<string, unknown>>;
  const copy: Record<string, unknown> = {};
  for (const name of methods) {
    const method = members[name];
    if (typeof method !== 'function') continue;
    copy[name] = (...given: unknown[]) => framedResult(frame(() => (method as (...given: unknown[]) => unknown).apply(owner, given)), frame);
  }
  return copy as Owner;
}

function framedResult(result: unknown, frame: Frame): unknown {
  if (typeof result !== 'object' || result === null || result instanceof Promise || 'then' in result) return result;
  if (Symbol.asyncIterator in result) return framedIterable(result as AsyncIterable<unknown>, frame);
  const { supportedUrls, maxValuesPerCall } = result as { readonly supportedUrls?: unknown; readonly maxValuesPerCall?: unknown };
  return { ...framed(result, ofModels, frame), ...(supportedUrls !== undefined && { supportedUrls }), ...(maxValuesPerCall !== undefined && { maxValuesPerCall }) };
}

/** A generator's code runs when it is asked for the next part, in the frame of whoever asks. */
function framedIterable(iterable: AsyncIterable<unknown>, frame: Frame): AsyncIterable<unknown> {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = frame(() => iterable[Symbol.asyncIterator]());
      return {
        next: () => frame(() => iterator.next()),
        ...(iterator.return && { return: () => frame(() => iterator.return!()) }),
      };
    },
  };
}
