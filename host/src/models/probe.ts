/** Whether a model really answers: one short question, which a vendor may charge for; asked only on request. */
import type { ModelHandle } from './model-handle.ts';
import type { Usage } from '@modelport/plugin-api';

/** What a probe found out. */
export interface ProbeResult {
  readonly backend: string;
  /** Model id as the vendor reports it. */
  readonly model: string;
  /** From the request to the whole answer, in milliseconds. */
  readonly durationMs: number;
  /** What the probe used, as the vendor counts it. */
  readonly usage: Usage;
}

/** Options of a probe. */
export interface ProbeOptions {
  /** Longest wait, in milliseconds. Default 30000. */
  readonly limitMs?: number;
  readonly signal?: AbortSignal;
}

/** Asks a model one short question, with at most 16 tokens of answer. Throws what the call met: AUTH_INVALID, MODEL_NOT_FOUND, ... */
export async function probeModel(model: ModelHandle, { limitMs = 30_000, signal }: ProbeOptions = {}): Promise<ProbeResult> {
  const began = performance.now();
  const limit = AbortSignal.timeout(limitMs);
  const answer = await model.generate('Say "ok".', { maxOutputTokens: 16, signal: signal === undefined ? limit : AbortSignal.any([signal, limit]) });
  return { backend: answer.backend, model: answer.model, durationMs: Math.round(performance.now() - began), usage: answer.usage };
}
