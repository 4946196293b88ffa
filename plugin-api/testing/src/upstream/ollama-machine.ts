/** The models on the machine of a scripted Ollama: on disk, in memory, and how they are pulled. */
import { createHash } from 'node:crypto';

/** A model the machine has or can pull. */
export interface OllamaModel {
  /** Its id with its tag. */
  readonly id: string;
  /** Sizes of its layers in bytes, in the order they are pulled. Default: 3,000 and 1,000. */
  readonly layers?: readonly number[];
  /** What /api/show lists. Default: completion and tools. */
  readonly capabilities?: readonly string[];
  /** What the model was trained for, in tokens. Default: 8192. */
  readonly contextLength?: number;
  /** Length of its vectors. Default: 4. */
  readonly embeddingLength?: number;
}

/** How the next pull goes. */
export interface OllamaPullScript {
  /** Nothing more is said after so many bytes of the model, and the connection stays open until the client leaves. */
  readonly stallAfterBytes?: number;
  /** An error line after so many bytes. */
  readonly error?: { readonly afterBytes: number; readonly message: string };
  /** The lines end without "success". */
  readonly withoutSuccess?: boolean;
}

const DEFAULT_LAYERS: readonly number[] = [3_000, 1_000];
const PIECES = 4;
const MODIFIED_AT = '2026-11-20T09:30:00.5-07:00';

/** Holds what is on disk, what is loaded, and how much of each layer was fetched. */
export class OllamaMachine {
  readonly #library: readonly OllamaModel[];
  readonly #installed = new Map<string, OllamaModel>();
  readonly #loaded = new Map<string, string>();
  readonly #fetched = new Map<string, number>();

  constructor(installed: readonly OllamaModel[], library: readonly OllamaModel[]) {
    this.#library = [...library, ...installed];
    for (const model of installed) this.#installed.set(model.id, model);
  }

  /** The model on disk under that name, with or without its tag. */
  find(name: string): OllamaModel | undefined {
    return this.#installed.get(withTag(name)) ?? this.#installed.get(name);
  }

  /** Body of GET /api/tags. */
  tags(): object {
    return { models: [...this.#installed.values()].map((model) => ({ ...factsOf(model), modified_at: MODIFIED_AT, size: sizeOf(model) })) };
  }

  /** Body of GET /api/ps. */
  running(): object {
    return {
      models: [...this.#loaded].flatMap(([id, expiresAt]) => {
        const model = this.#installed.get(id);
        return model === undefined ? [] : [{ ...factsOf(model), size: sizeOf(model) * 2, size_vram: sizeOf(model), expires_at: expiresAt }];
      }),
    };
  }

  /** Body of POST /api/show. */
  show(model: OllamaModel): object {
    const { capabilities = ['completion', 'tools'], contextLength = 8_192, embeddingLength = 4 } = model;
    return {
      modelfile: `FROM ${model.id}\n`, parameters: 'stop "<|eot|>"', template: '{{ .Prompt }}', details: detailsOf(), modified_at: MODIFIED_AT, capabilities,
      model_info: { 'general.architecture': 'scripted', 'general.parameter_count': 8_030_261_248, 'scripted.context_length': contextLength, 'scripted.embedding_length': embeddingLength },
    };
  }

  /** A model is used: it stays loaded, or is unloaded with `keep_alive` 0. */
  use(model: OllamaModel, keepAlive: unknown): void {
    if (keepAlive === 0 || keepAlive === '0') this.#loaded.delete(model.id);
    else this.#loaded.set(model.id, typeof keepAlive === 'number' && keepAlive < 0 ? '2318-04-11T00:00:00Z' : '2026-11-21T10:05:00Z');
  }

  /** Deletes a model from disk and memory. */
  remove(model: OllamaModel): void {
    this.#installed.delete(model.id);
    this.#loaded.delete(model.id);
    for (const digest of layersOf(model).map(({ digest }) => digest)) this.#fetched.delete(digest);
  }

  /** The lines of POST /api/pull. What was fetched is kept, so that a repeated pull goes on where the last one ended. */
  pull(name: string, script: OllamaPullScript): readonly object[] {
    const model = this.#library.find(({ id }) => id === withTag(name) || id === name);
    const lines: object[] = [{ status: 'pulling manifest' }];
    if (model === undefined) return [...lines, { error: 'pull model manifest: file does not exist' }];
    const endAt = script.stallAfterBytes ?? script.error?.afterBytes ?? Number.POSITIVE_INFINITY;
    let before = 0;
    for (const { digest, size } of layersOf(model)) {
      const status = `pulling ${digest.slice('sha256:'.length, 'sha256:'.length + 12)}`;
      // The first line of a layer has no `completed` where nothing of it is there yet.
      let completed = this.#fetched.get(digest) ?? 0;
      lines.push({ status, digest, total: size, ...(completed === 0 ? {} : { completed }) });
      while (completed < size && before + completed < endAt) {
        completed = Math.min(size, completed + Math.ceil(size / PIECES), Math.max(completed, endAt - before));
        this.#fetched.set(digest, completed);
        lines.push({ status, digest, total: size, completed });
      }
      if (completed < size) return script.error === undefined ? lines : [...lines, { error: script.error.message }];
      before += size;
    }
    lines.push({ status: 'verifying sha256 digest' }, { status: 'writing manifest' });
    if (script.withoutSuccess === true) return lines;
    this.#installed.set(model.id, model);
    return [...lines, { status: 'removing unused layers' }, { status: 'success' }];
  }
}

function withTag(name: string): string {
  return name.lastIndexOf(':') > name.lastIndexOf('/') ? name : `${name}:latest`;
}

function layersOf({ id, layers = DEFAULT_LAYERS }: OllamaModel): readonly { readonly digest: string; readonly size: number }[] {
  return layers.map((size, index) => ({ digest: `sha256:${hash(`${id} ${index}`)}`, size }));
}

function sizeOf({ layers = DEFAULT_LAYERS }: OllamaModel): number {
  return layers.reduce((sum, size) => sum + size, 0);
}

function factsOf({ id }: OllamaModel): object {
  return { name: id, model: id, digest: hash(id), details: detailsOf() };
}

function detailsOf(): object {
  return { parent_model: '', format: 'gguf', family: 'scripted', families: ['scripted'], parameter_size: '8.0B', quantization_level: 'Q4_K_M' };
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
