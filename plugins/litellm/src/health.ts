/** How the proxy feels, by its own free routes. GET /health is never asked: it calls every model, and costs. */
import { CallError, type Call, type Health } from '@modelport/plugin-api';
import type { Endpoint } from '@modelport/openai/compatible';

/** Asks whether the proxy is ready, then whether it takes the key. */
export async function checkHealth(endpoint: Endpoint, root: string, call: Call): Promise<Health> {
  try {
    const ready = (await endpoint.get('/health/readiness', call, root)) as { readonly status?: unknown; readonly litellm_version?: unknown } | null;
    await endpoint.get('/models', call);
    const version = ready?.litellm_version;
    return { status: 'healthy', ...(typeof version === 'string' ? { version } : {}) };
  } catch (error) {
    if (call.signal.aborted) throw call.signal.reason;
    if (!CallError.is(error)) return { status: 'unhealthy', reason: error instanceof Error ? error.message : String(error) };
    return { status: 'unhealthy', reason: error.message, ...remedyOf(error.code) };
  }
}

function remedyOf(code: string): { readonly remedy?: string } {
  if (code === 'NETWORK') return { remedy: 'Start the proxy (`litellm --config config.yaml`), or mend the option baseUrl.' };
  return code === 'AUTH_MISSING' || code === 'AUTH_INVALID' ? { remedy: 'Set the secret apiKey of this backend to a virtual key of the proxy.' } : {};
}
