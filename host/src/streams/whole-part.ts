/** The parts that come whole are checked for the fields readers rely on, and for nothing more. */
import { isRecord, kindOf } from './protocol-fault.ts';
import type { Fault } from './protocol-fault.ts';

const requiredText: Readonly<Record<string, readonly string[]>> = {
  'file': ['mediaType'],
  'reasoning-file': ['mediaType'],
  'tool-result': ['toolCallId', 'toolName'],
  'tool-approval-request': ['approvalId'],
  'tool-approval-response': ['approvalId'],
  'source': ['id'],
};
const requiredObject: Readonly<Record<string, string>> = { 'file': 'data', 'reasoning-file': 'data', 'tool-result': 'output' };

/** Throws PROTOCOL naming the field that is missing or of the wrong kind. */
export function checkWholePart(part: { readonly type: string }, fault: Fault): void {
  const fields = part as Readonly<Record<string, unknown>>;
  for (const name of requiredText[part.type] ?? []) {
    if (typeof fields[name] !== 'string') throw fault(`the ${name} of a ${part.type} is ${kindOf(fields[name])}, not a string`);
  }
  const name = requiredObject[part.type];
  if (name !== undefined && !isRecord(fields[name])) throw fault(`the ${name} of a ${part.type} is ${kindOf(fields[name])}, not an object`);
}
