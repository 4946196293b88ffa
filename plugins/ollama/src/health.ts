/** Whether the server answers: two free questions with a limit of their own. */
import { CallError, type Call, type Health } from '@modelport/plugin-api';
import { toUnhealthy } from '@modelport/plugin-api/kit';
import { howToInstall } from './install.ts';
import type { OllamaServer } from './server.ts';

/** Longest time the check takes, in milliseconds. */
const LIMIT_MS = 5_000;

/** Asks for the version and for the models on disk; reports `unhealthy` rather than throwing. Throws only `call.signal.reason` on abort. */
export async function checkHealth(server: OllamaServer, call: Call): Promise<Health> {
  const limit = AbortSignal.timeout(LIMIT_MS);
  const bounded: Call = { id: call.id, attempt: call.attempt, signal: AbortSignal.any([call.signal, limit]) };
  try {
    const { version } = await server.ask('GET', '/api/version', undefined, bounded);
    await server.ask('GET', '/api/tags', undefined, bounded);
    return { status: 'healthy', ...(typeof version === 'string' ? { version } : {}) };
  } catch (error) {
    if (call.signal.aborted) throw call.signal.reason;
    if (limit.aborted) return { status: 'unhealthy', reason: `${server.base} did not answer within ${LIMIT_MS / 1000} s.`, remedy: 'Look whether the server is busy or stuck, or start it anew with `ollama serve`.' };
    if (CallError.is(error) && error.code === 'NETWORK') return { status: 'unhealthy', reason: `Ollama does not answer at ${server.base}.`, remedy: `Start it with \`ollama serve\`. To install it: ${howToInstall()}.` };
    return toUnhealthy(error, call);
  }
}
