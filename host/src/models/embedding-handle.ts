/** An embedding model by alias or spec: texts to vectors, in order, however many calls that takes. */
import type { EmbeddingModel, ProviderData, Warning } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import { resolveModel } from '../flow/resolve.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import { runService, type ServiceOptions } from './service-run.ts';

/** Settings of one embedding request. */
export interface EmbedOptions extends ServiceOptions {
  /** Length of the vectors, where the model can choose. */
  readonly dimensions?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly providerOptions?: ProviderData;
}

/** Vectors in the order of the texts. */
export interface Embeddings {
  readonly embeddings: readonly ArrayLike<number>[];
  /** Tokens over all calls; `undefined` when the vendor does not say. */
  readonly usage: { readonly tokens: number | undefined };
  readonly warnings: readonly Warning[];
  readonly backend: string;
  readonly model: string;
  readonly callId: string;
}

/** Holds a name; each call asks what it means now. */
export class EmbeddingHandle {
  readonly #runtime: Runtime;

  constructor(readonly name: string, runtime: Runtime) {
    this.#runtime = runtime;
  }

  /** Embeds the texts; split into calls of the model's size, kept in order. Throws a ModelportError; an empty list is REQUEST_INVALID. */
  async embed(values: string | readonly string[], options: EmbedOptions = {}): Promise<Embeddings> {
    const texts = typeof values === 'string' ? [values] : values;
    if (texts.length === 0) throw modelportError('REQUEST_INVALID', { text: 'There is nothing to embed: the list is empty.' }, { retryable: false });
    const odd = texts.findIndex((text) => typeof text !== 'string');
    if (odd !== -1) throw modelportError('REQUEST_INVALID', { text: `Only texts can be embedded: value ${odd} is ${typeof texts[odd]}.` }, { retryable: false });
    const { signal, sessionId, metadata, ...settings } = options;
    const { targets } = resolveModel(this.name, this.#runtime.snapshot);
    const request = { name: this.name, wanted: 'embedding models', targets, signal, sessionId, metadata };
    const { target, callId, ...result } = await runService(
      this.#runtime,
      request,
      (generation, { model }) => generation.embeddingModel(model),
      async ({ model, call }) => {
        const embeddings: ArrayLike<number>[] = [];
        const warnings = new Map<string, Warning>();
        let tokens: number | undefined;
        for (const group of groupsFor(model, texts)) {
          // Each group is a request of its own: the limit for the first part counts anew.
          call.waits();
          const answered = await model.embed({ values: group, ...settings }, call);
          call.signal.throwIfAborted();
          const count = Array.isArray(answered.embeddings) ? answered.embeddings.length : 0;
          if (count !== group.length) throw modelportError('PROTOCOL', { text: `${group.length} texts were sent, ${count} vectors came back.` }, { retryable: false });
          for (const vector of answered.embeddings) embeddings.push(vector);
          // Every group meets the same warnings: each is told once.
          for (const warning of answered.warnings ?? []) warnings.set(JSON.stringify(warning), warning);
          if (answered.usage?.tokens !== undefined) tokens = (tokens ?? 0) + answered.usage.tokens;
        }
        return { embeddings, warnings: [...warnings.values()], usage: { tokens } };
      },
    );
    return { ...result, backend: target.backend, model: target.model, callId };
  }
}

function groupsFor(model: EmbeddingModel, texts: readonly string[]): (readonly string[])[] {
  const size = Math.max(1, model.maxValuesPerCall ?? texts.length);
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, index) => texts.slice(index * size, (index + 1) * size));
}
