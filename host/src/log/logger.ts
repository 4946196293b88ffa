/** The host's log: lines on stderr from a level up, each redacted; an application may pass its own logger instead. */
import { isNativeError } from 'node:util/types';
import type { Logger } from '@modelport/plugin-api';
import type { Redactor } from '../secrets/redact.ts';

/** From which severity a line is written. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const order: readonly LogLevel[] = ['debug', 'info', 'warn', 'error', 'silent'];

/** Makes a logger that writes lines of `level` and above through `write`, one line each: severity, text, facts as JSON. */
export function createLogger(level: LogLevel, redactor: Redactor, write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Logger {
  const from = order.indexOf(level);
  const at = (severity: Exclude<LogLevel, 'silent'>) => (text: string, facts?: object): void => {
    if (order.indexOf(severity) < from) return;
    write(redactor.redact(`${severity} ${text}${facts === undefined ? '' : ` ${JSON.stringify(redactor.redactData(facts), inJson)}`}`));
  };
  return Object.freeze({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
}

/** Words for what JSON has none for. */
function inJson(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (!isNativeError(value)) return value;
  const { name, message, code, status } = value as Error & { readonly code?: unknown; readonly status?: unknown };
  return { name, message, code, status };
}

/** A logger that names its owner in every line and redacts before it passes anything on. */
export function childLogger(parent: Logger, owner: string, redactor: Redactor): Logger {
  const at = (severity: keyof Logger) => (text: string, facts?: object): void => {
    parent[severity](redactor.redact(`${owner}: ${text}`), facts === undefined ? undefined : redactor.redactData(facts));
  };
  return Object.freeze({ debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') });
}
