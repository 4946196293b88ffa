import { describe, expect, test } from 'vitest';

import { scriptedEmbeddingModel } from '../src/embedding.ts';
import { failureOf, newCall } from './reading.ts';

const model = scriptedEmbeddingModel();

async function embed(values: readonly string[], dimensions?: number): Promise<readonly ArrayLike<number>[]> {
  return (await model.embed({ values, ...(dimensions === undefined ? {} : { dimensions }) }, newCall())).embeddings;
}

function dot(left: ArrayLike<number> | undefined, right: ArrayLike<number> | undefined): number {
  return Array.from(left ?? []).reduce((total, value, index) => total + value * (right?.[index] ?? 0), 0);
}

describe('a vector', () => {
  test.each([[undefined, 8], [3, 3], [1, 1], [1536, 1536]])('of dimensions %s has length 1 in %d numbers', async (dimensions, count) => {
    for (const vector of await embed(['a text', '', '?!', 'ß 漢字'], dimensions)) {
      expect(vector.length).toBe(count);
      expect(dot(vector, vector)).toBeCloseTo(1, 10);
    }
  });

  test('is the same for the same text, and another for another', async () => {
    const [first, again, other] = await embed(['the cat', 'the cat', 'a dog']);
    expect(Array.from(again ?? [])).toEqual(Array.from(first ?? []));
    expect(dot(first, other)).toBeLessThan(0.999);
  });

  test('lies nearer to a text that shares words', async () => {
    const [question, near, far] = await embed(['where is the red car', 'the red car is here', 'bananas grow in summer'], 256);
    expect(dot(question, near)).toBeGreaterThan(dot(question, far) + 0.3);
  });
});

test('usage counts words', async () => {
  expect((await model.embed({ values: ['one two', 'three'] }, newCall())).usage).toEqual({ tokens: 3 });
});

test.each([0, 1.5, 5000, Number.NaN])('dimensions %d are REQUEST_INVALID', async (dimensions) => {
  expect(await failureOf(embed(['x'], dimensions))).toMatchObject({ code: 'REQUEST_INVALID' });
});

test('an aborted call rejects with the reason of its signal', async () => {
  const reason = new Error('enough');
  expect(await failureOf(model.embed({ values: ['x'] }, newCall({ signal: AbortSignal.abort(reason) })))).toBe(reason);
});
