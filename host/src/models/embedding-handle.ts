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
    const { signal, sessionId, metadata, ...settings } = options;
    const { targets } = resolveModel(this.name, this.#runtime.snapshot);
    const request = { name: this.name, wanted: 'embedding models', targets, signal, sessionId, metadata };
    const { target, callId, ...result } = await runService(
      this.#runtime,
      request,
      (generation, { model }) => generation.embeddingModel(model),
      async ({ model, call }) => {
        const embeddings: ArrayLike<number>[] = [];
        const warnings: Warning[] = [];
        let tokens: number | undefined;
        for (const group of groupsFor(model, texts)) {
          const answered = await model.embed({ values: group, ...settings }, call);
          if (answered.embeddings.length !== group.length) {
            throw modelportError('PROTOCOL', { text: `${group.length} texts were sent, ${answered.embeddings.length} vectors came back.` });
          }
          embeddings.push(...answered.embeddings);
          warnings.push(...(answered.warnings ?? []));
          if (answered.usage?.tokens !== undefined) tokens = (tokens ?? 0) + answered.usage.tokens;
        }
        return { embeddings, warnings, usage: { tokens } };
      },
    );
    return { ...result, backend: target.backend, model: target.model, callId };
  }
}

function groupsFor(model: EmbeddingModel, texts: readonly string[]): (readonly string[])[] {
  const size = Math.max(1, model.maxValuesPerCall ?? texts.length);
  return Array.from({ length: Math.ceil(texts.length / size) }, (_, index) => texts.slice(index * size, (index + 1) * size));
}
