/** The last steps of every request: what the wire lacks becomes a warning, and the caller's own fields are merged in last. */
import type { Json, JsonObject, ProviderData, Warning } from '@modelport/plugin-api';

/** Key of this wire's data in `providerOptions` and `providerMetadata`. */
export const DIALECT = 'ollama';

/** A body under construction. */
export type Body = Record<string, Json | undefined>;

/** Collects warnings of one request, each once. */
export class Warnings {
  /** In the order they were found. */
  readonly list: Warning[] = [];
  private readonly seen = new Set<string>();

  /** Notes a feature this wire cannot carry. */
  unsupported(feature: string, details: string): void {
    this.note({ type: 'unsupported', feature, details });
  }

  /** Notes a feature that travels in another form than asked. */
  compatibility(feature: string, details: string): void {
    this.note({ type: 'compatibility', feature, details });
  }

  private note(warning: Warning): void {
    const key = JSON.stringify(warning);
    if (this.seen.has(key)) return;
    this.seen.add(key);
    this.list.push(warning);
  }
}

/** Merges the caller's own fields, which win: objects by key, everything else replaces. `stream` would change the shape of the answer and stays. */
export function finishBody(body: Body, providerOptions: ProviderData | undefined, warnings: Warnings): Body {
  const { stream, ...own } = providerOptions?.[DIALECT] ?? {};
  if (stream !== undefined) warnings.unsupported(`providerOptions.${DIALECT}.stream`, 'It would change the shape of the answer.');
  return merged(body, own);
}

/** `__proto__` is an ordinary key here: the result is only ever serialised. */
function merged(base: Body, over: JsonObject): Body {
  const result: Body = { ...base };
  for (const [key, value] of Object.entries(over)) {
    const before = Object.hasOwn(result, key) ? result[key] : undefined;
    const next = isObject(before) && isObject(value) ? merged({ ...before }, value) : value;
    Object.defineProperty(result, key, { value: next, enumerable: true, configurable: true, writable: true });
  }
  return result;
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
