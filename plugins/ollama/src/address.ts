/** Where the server is: the option, the variable Ollama's own programs read, or the usual place. */
import type { OllamaOptions } from './options.ts';

const USUAL_PORT = '11434';

/** The base URL, without a slash at its end. */
export function serverAddress(options: OllamaOptions, environment: Readonly<Record<string, string | undefined>> = process.env): string {
  const named = options.baseUrl ?? fromVariable(environment['OLLAMA_HOST']);
  const url = new URL(named ?? `http://127.0.0.1:${USUAL_PORT}`);
  return url.origin + url.pathname.replace(/\/+$/, '').replace(/\/api$/, '');
}

/**
 * OLLAMA_HOST as Ollama reads it: `host`, `host:port`, `:port` or a URL. A server told to listen everywhere (0.0.0.0, ::) is called on
 * loopback. `undefined` for what is empty or no address.
 */
function fromVariable(text: string | undefined): string | undefined {
  const trimmed = text?.trim().replace(/^["']|["']$/g, '') ?? '';
  if (trimmed === '') return undefined;
  const hasScheme = /^https?:\/\//.test(trimmed);
  const written = hasScheme ? trimmed : `http://${trimmed.startsWith(':') ? `127.0.0.1${trimmed}` : trimmed}`;
  if (!URL.canParse(written)) return undefined;
  const url = new URL(written);
  if (!hasScheme && url.port === '' && !/:80(\/|$)/.test(trimmed)) url.port = USUAL_PORT;
  if (url.hostname === '0.0.0.0' || url.hostname === '[::]') url.hostname = '127.0.0.1';
  return url.href;
}
