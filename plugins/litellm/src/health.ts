/** How the proxy feels, by its own free routes. GET /health is never asked: it calls every model, and costs. */
import type { Call, CallError, Health } from '@modelport/plugin-api';
import { toUnhealthy } from '@modelport/plugin-api/kit';
import type { Endpoint } from '@modelport/openai/compatible';

/** Asks whether the proxy is ready, then whether it takes the key. */
export async function checkHealth(endpoint: Endpoint, root: string, call: Call): Promise<Health> {
  try {
    const ready = (await endpoint.get('/health/readiness', call, root)) as { readonly status?: unknown; readonly litellm_version?: unknown } | null;
    await endpoint.get('/models', call);
    const version = ready?.litellm_version;
    return { status: 'healthy', ...(typeof version === 'string' ? { version } : {}) };
  } catch (error) {
    return toUnhealthy(error, call, remedyOf);
  }
}

function remedyOf({ code }: CallError): string | undefined {
  if (code === 'NETWORK') return 'Start the proxy (`litellm --config config.yaml`), or mend the option baseUrl.';
  return code === 'AUTH_MISSING' || code === 'AUTH_INVALID' ? 'Set the secret apiKey of this backend to a virtual key of the proxy.' : undefined;
}
