/** The life of models on the server's machine: on disk, in memory, fetched and deleted. */
import { CallError, type AvailableModel, type Call, type JsonObject, type LoadOptions, type LocalModel, type LocalModelDetails, type LocalModels, type PullOptions, type PullProgress, type RunningModel } from '@modelport/plugin-api';
import { readAvailableModels } from './available.ts';
import { idOf, modelsOf, modelsOnDisk, show, toModelInfo } from './models.ts';
import { readPull } from './pull.ts';
import type { OllamaServer } from './server.ts';
import type { WireDetails, WireModel } from './wire.ts';

/** Longest silence while the server verifies what it fetched, in milliseconds: a large model on a slow disk takes minutes. */
const PULL_IDLE_MS = 900_000;

/** The models on the machine of one server. */
export class OllamaLocalModels implements LocalModels {
  private readonly server: OllamaServer;
  private readonly changed: () => void;

  /** @param changed told when a model came or went */
  constructor(server: OllamaServer, changed: () => void) {
    this.server = server;
    this.changed = changed;
  }

  async *list(call: Call): AsyncGenerator<LocalModel, void, undefined> {
    for (const model of await modelsOnDisk(this.server, call)) yield toLocalModel(model);
  }

  /** `size` is here what a model takes in memory, of the processor's and the graphics card's together. */
  async *running(call: Call): AsyncGenerator<RunningModel, void, undefined> {
    for (const model of modelsOf(await this.server.ask('GET', '/api/ps', undefined, call), 'GET /api/ps')) {
      const { sizeBytes, ...facts } = toLocalModel(model);
      const expiresAt = toDate(model.expires_at);
      yield { ...facts, ...(sizeBytes === undefined ? {} : { memoryBytes: sizeBytes }), ...(expiresAt === undefined ? {} : { expiresAt }) };
    }
  }

  async show(modelId: string, call: Call): Promise<LocalModelDetails> {
    const shown = await show(this.server, modelId, call);
    const listed = await this.find(modelId, call);
    const modifiedAt = toDate(shown.modified_at);
    return {
      id: modelId, ...(listed === undefined ? {} : toLocalModel(listed)), ...detailsOf(shown.details), ...(modifiedAt === undefined ? {} : { modifiedAt }),
      info: toModelInfo(modelId, shown, this.server),
      ...(shown.template === undefined ? {} : { template: shown.template }),
      raw: shown,
    };
  }

  async *pull(modelId: string, { force = false }: PullOptions, call: Call): AsyncGenerator<PullProgress, void, undefined> {
    const known = force ? undefined : await this.find(modelId, call);
    if (known !== undefined) {
      yield { phase: 'complete', detail: 'already on this machine', ...(known.digest === undefined ? {} : { digest: known.digest }) };
      return;
    }
    const response = await this.server.send('POST', '/api/pull', { model: modelId, stream: true }, call, { modelId, idleMs: PULL_IDLE_MS });
    for await (const progress of readPull(response, { backend: this.server.backend, modelId })) {
      if (progress.phase === 'complete') this.changed();
      yield progress;
    }
    if (call.signal.aborted) throw call.signal.reason;
  }

  async *available(): AsyncGenerator<AvailableModel, void, undefined> {
    yield* readAvailableModels();
  }

  async remove(modelId: string, call: Call): Promise<void> {
    await this.server.ask('DELETE', '/api/delete', { model: modelId }, call, { modelId });
    this.changed();
  }

  /** A request without a prompt loads the model; models that only embed take an empty text. */
  async load(modelId: string, { keepAliveMs }: LoadOptions, call: Call): Promise<void> {
    const keepAlive = keepAliveMs === undefined ? this.server.options.keepAlive : keepAliveMs / 1000;
    await this.setLoaded(modelId, keepAlive === undefined ? {} : { keep_alive: keepAlive }, call);
  }

  async unload(modelId: string, call: Call): Promise<void> {
    await this.setLoaded(modelId, { keep_alive: 0 }, call);
  }

  private async setLoaded(modelId: string, fields: JsonObject, call: Call): Promise<void> {
    const modelOptions = this.server.modelOptions(modelId);
    const body = { model: modelId, ...fields, ...(Object.keys(modelOptions).length === 0 ? {} : { options: modelOptions }) };
    try {
      await this.server.ask('POST', '/api/generate', { ...body, stream: false }, call, { modelId });
    } catch (error) {
      if (!CallError.is(error) || error.code !== 'CAPABILITY_MISSING') throw error;
      await this.server.ask('POST', '/api/embed', { ...body, input: '' }, call, { modelId });
    }
  }

  private async find(modelId: string, call: Call): Promise<WireModel | undefined> {
    const wanted = withTag(modelId);
    return (await modelsOnDisk(this.server, call)).find((model) => withTag(idOf(model)) === wanted);
  }
}

/** A name without a tag means `latest`; a port in a registry's name is no tag. */
function withTag(id: string): string {
  return id.lastIndexOf(':') > id.lastIndexOf('/') ? id : `${id}:latest`;
}

function toLocalModel(model: WireModel): LocalModel {
  const modifiedAt = toDate(model.modified_at);
  return {
    id: idOf(model), ...detailsOf(model.details),
    ...(model.size === undefined ? {} : { sizeBytes: model.size }),
    ...(model.digest === undefined ? {} : { digest: model.digest }),
    ...(modifiedAt === undefined ? {} : { modifiedAt }),
  };
}

function detailsOf(details: WireDetails | null | undefined): Pick<LocalModel, 'quantization' | 'parameters'> {
  return {
    ...(details?.quantization_level ? { quantization: details.quantization_level } : {}),
    ...(details?.parameter_size ? { parameters: details.parameter_size } : {}),
  };
}

/** `undefined` for none, and for the year 1 with which Go writes it. */
function toDate(text: string | undefined): Date | undefined {
  const date = new Date(text ?? Number.NaN);
  return date.getTime() > 0 ? date : undefined;
}
