/** Vectors come in the order of the texts, however many there are. */
import { createHost } from '@modelport/host';
import { testCall } from '../../fake-context.ts';
import { type ConformanceCase, expectSame, expectThat } from '../case.ts';
import type { TestBackend, Trial } from '../trial.ts';
import { describeError } from '../trial.ts';

const TEXTS = ['one', 'three little', 'two words here', 'ünïcode 東京', 'one'];

/** How many texts are sent where the model names no limit. */
const MANY = 300;

/** The cases. */
export const embeddingCases: readonly ConformanceCase[] = [
  {
    name: 'embeddings/order', title: 'there is one vector per text, in the order of the texts', needs: ['embedding'],
    run: async (trial) => {
      const { backend, model } = await embedder(trial);
      // A call never holds more than the model says: the host splits.
      const values = TEXTS.slice(0, model.maxValuesPerCall);
      const { embeddings } = await backend.run(() => model.embed({ values }, testCall()));
      expectSame(rounded(embeddings), rounded(await expectedVectors(trial, backend, values)), 'the vectors');
    },
  },
  {
    name: 'embeddings/batches', title: 'more texts than one request may hold come back whole and in order', needs: ['embedding'],
    run: async (trial) => {
      const { backend, model, modelId } = await embedder(trial);
      const most = model.maxValuesPerCall ?? MANY;
      const values = Array.from({ length: most + 3 }, (_, index) => `${String(index).padStart(5, '0')} text`);
      const { plugin, manifest } = trial.opened;
      const secrets = Object.fromEntries((manifest.secrets ?? []).map(({ name }) => [name, backend.canary]));
      const options = { ...backend.upstream?.options, ...trial.subject.declaration.options };
      const before = trial.claims.has('wire') ? backend.wire.requests.length : 0;
      const host = await createHost({ config: {}, environment: {}, overrides: { backends: { subject: { plugin, options, secrets } } } });
      try {
        const { embeddings } = await host.embeddings.get(`${modelId}@subject`).embed(values);
        expectSame(embeddings.length, values.length, 'the number of vectors');
        if (trial.claims.has('wire')) expectSame(backend.wire.requests.length - before, model.maxValuesPerCall === undefined ? 1 : Math.ceil(values.length / most), 'the number of requests');
        const places = [0, most - 1, most, most + 2];
        const perCall = trial.subject.declaration.upstream?.embeddingOf === undefined ? undefined : (model.maxValuesPerCall ?? values.length);
        const expected = perCall === undefined ? await expectedVectors(trial, backend, places.map((place) => values[place] ?? ''))
          : places.map((place) => trial.subject.declaration.upstream?.embeddingOf?.(values[place] ?? '', place % perCall) ?? []);
        expectSame(rounded(places.map((place) => embeddings[place] ?? [])), rounded(expected), 'the vectors at the edges of the batches');
      } finally {
        await host.close({ drainMs: 0 });
      }
    },
  },
  {
    name: 'embeddings/abort', title: 'an aborted call rejects with the reason of its signal', needs: ['embedding'],
    run: async (trial) => {
      const { backend, model } = await embedder(trial);
      const reason = new Error('aborted');
      const error = await backend.run(() => model.embed({ values: TEXTS }, testCall({ signal: AbortSignal.abort(reason) }))).then(() => undefined, (thrown: unknown) => thrown);
      expectThat(error === reason, `it ${error === undefined ? 'answered' : `rejected with ${describeError(error)}`}, expected signal.reason itself`);
    },
  },
];

async function embedder(trial: Trial): Promise<{ readonly backend: TestBackend; readonly model: ReturnType<TestBackend['embedding']>; readonly modelId: string }> {
  const { embedding } = trial.subject.declaration;
  expectThat(embedding, 'the manifest provides "embedding", but the declaration names no embedding model to ask');
  const backend = await trial.backend();
  return { backend, model: backend.embedding(embedding.model), modelId: embedding.model };
}

/** The vectors the vendor gives: by the upstream's own rule, else each text asked for alone. */
async function expectedVectors(trial: Trial, backend: TestBackend, texts: readonly string[]): Promise<readonly ArrayLike<number>[]> {
  const { upstream, embedding } = trial.subject.declaration;
  if (upstream?.embeddingOf !== undefined) return texts.map((text, index) => upstream.embeddingOf?.(text, index) ?? []);
  const model = backend.embedding(embedding?.model ?? '');
  const vectors: ArrayLike<number>[] = [];
  for (const text of texts) {
    const { embeddings } = await backend.run(() => model.embed({ values: [text] }, testCall()));
    vectors.push(embeddings[0] ?? []);
  }
  return vectors;
}

/** Vectors may be in 32 bits. */
function rounded(vectors: readonly ArrayLike<number>[]): number[][] {
  return vectors.map((vector) => Array.from(vector, (figure) => Math.round(figure * 1e5) / 1e5));
}
