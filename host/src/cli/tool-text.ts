/** A tool call and its outcome as a person reads them: `calculate(6 * 7) = 42`. */
import type { ToolCall } from '@modelport/host';
import type { ToolOutput } from '@modelport/plugin-api';

/** `calculate(6 * 7)`: a single value stands by itself, anything else as JSON. */
export function toolCallText({ toolName, input, rawInput }: Pick<ToolCall, 'toolName' | 'input' | 'rawInput'>): string {
  return `${toolName}(${singleValue(input) ?? rawInput})`;
}

/** The outcome in one line. */
export function toolOutputText(output: ToolOutput): string {
  switch (output.type) {
    case 'text': return output.value;
    case 'error-text': return `error: ${output.value}`;
    case 'json': return singleValue(output.value) ?? JSON.stringify(output.value);
    case 'error-json': return `error: ${JSON.stringify(output.value)}`;
    case 'execution-denied': return `denied${output.reason === undefined ? '' : `: ${output.reason}`}`;
    default: return output.value.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join(' ');
  }
}

function singleValue(value: unknown): string | undefined {
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (typeof value !== 'object' || value === null) return undefined;
  const values: readonly unknown[] = Object.values(value);
  const [only] = values;
  return values.length === 1 && (typeof only === 'string' || typeof only === 'number') ? String(only) : undefined;
}
