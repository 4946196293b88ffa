/** Refuses a request that no provider could answer, before anything is sent, and names the field. */
import type { ChatRequest, Message } from '@modelport/plugin-api';
import { didYouMean } from '../errors/catalogue.ts';
import { modelportError, type ModelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';

/** A field that is a number: least, most, and whether it is a whole one. Source: the ranges the vendors' own references share. */
interface NumberRange {
  readonly least: number;
  readonly most: number;
  readonly whole?: true;
}

const numbers = {
  temperature: { least: 0, most: 2 },
  topP: { least: 0, most: 1 },
  topK: { least: 0, most: Infinity, whole: true },
  maxOutputTokens: { least: 1, most: Infinity, whole: true },
  seed: { least: -Infinity, most: Infinity, whole: true },
  presencePenalty: { least: -2, most: 2 },
  frequencyPenalty: { least: -2, most: 2 },
  topLogprobs: { least: 0, most: 20, whole: true },
} as const satisfies Partial<Record<keyof ChatRequest, NumberRange>>;

type Check = (value: unknown, field: string) => void;

/** Every field of a request with its check; the compiler keeps the list complete. */
const fields = {
  messages: checkMessages,
  tools: checkTools,
  toolChoice: (choice) => { if (!isRecord(choice) || !['auto', 'none', 'required', 'tool'].includes(String(choice['type']))) throw wrong('toolChoice', 'must have a `type`: auto, none, required or tool'); },
  parallelToolCalls: (value, field) => { if (typeof value !== 'boolean') throw wrong(field, 'must be true or false'); },
  responseFormat: (format, field) => {
    if (!isRecord(format) || (format['type'] !== 'text' && format['type'] !== 'json')) throw wrong(field, 'must have a `type`: text or json');
    if (format['schema'] !== undefined && !isRecord(format['schema'])) throw wrong(`${field}.schema`, 'must be a JSON Schema, an object');
  },
  reasoning: checkWord,
  user: checkWord,
  stopSequences: (value, field) => { if (!Array.isArray(value) || value.some((item) => typeof item !== 'string' || item === '')) throw wrong(field, 'must be a list of texts that are not empty'); },
  logitBias: (value, field) => { if (!isRecord(value) || Object.values(value).some((bias) => typeof bias !== 'number' || !(Math.abs(bias) <= 100))) throw wrong(field, 'must hold numbers from -100 to 100 by token id'); },
  headers: checkHeaders,
  providerOptions: (value, field) => { if (!isRecord(value) || !Object.values(value).every(isRecord)) throw wrong(field, 'must hold an object of settings by dialect, such as `{ openai: { ... } }`'); },
  temperature: checkNumber, topP: checkNumber, topK: checkNumber, maxOutputTokens: checkNumber, seed: checkNumber,
  presencePenalty: checkNumber, frequencyPenalty: checkNumber, topLogprobs: checkNumber,
} as const satisfies Record<keyof ChatRequest, Check>;

/** Throws REQUEST_INVALID naming the first field that cannot be sent; an unknown field is named with the nearest known ones. */
export function checkRequest(request: ChatRequest): void {
  if (!Array.isArray(request.messages) || request.messages.length === 0) throw wrong('messages', 'is empty: a request needs at least one message');
  for (const [field, value] of Object.entries(request)) {
    if (value === undefined) continue;
    const check = (fields as Readonly<Record<string, Check | undefined>>)[field];
    if (check === undefined) throw invalid(`it has no field \`${field}\``, didYouMean(nearNames(field, Object.keys(fields))));
    check(value, field);
  }
  const { toolChoice, tools = [] } = request;
  if (toolChoice?.type === 'tool' && !tools.some(({ name }) => name === toolChoice.toolName)) throw wrong('toolChoice', `names the tool "${toolChoice.toolName}", which is not offered`);
  if (toolChoice?.type === 'required' && tools.length === 0) throw wrong('toolChoice', 'asks for a tool call, but no tool is offered');
}

function checkNumber(value: unknown, field: string): void {
  const { least, most, whole }: NumberRange = numbers[field as keyof typeof numbers];
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most && (whole === undefined || Number.isInteger(value))) return;
  const range = most !== Infinity ? ` from ${least} to ${most}` : least === -Infinity ? '' : ` of at least ${least}`;
  throw wrong(field, `is ${String(value)}: it must be a ${whole ? 'whole ' : ''}number${range}`);
}

function checkWord(value: unknown, field: string): void {
  if (typeof value !== 'string' || value === '') throw wrong(field, 'must be a text that is not empty');
}

function checkHeaders(value: unknown, field: string): void {
  if (!isRecord(value)) throw wrong(field, 'must be an object of texts');
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') throw wrong(`${field}.${name}`, 'must be a text');
    if (['authorization', 'host'].includes(name.toLowerCase())) throw wrong(`${field}.${name}`, 'is not for a request to set: a key belongs under `secrets` of the backend, the address into its options');
  }
}

function checkTools(tools: unknown): void {
  if (!Array.isArray(tools)) throw wrong('tools', 'must be a list');
  const names = new Set<unknown>();
  for (const [index, tool] of (tools as readonly unknown[]).entries()) {
    const place = `tools[${index}]`;
    if (!isRecord(tool) || (tool['type'] !== 'function' && tool['type'] !== 'provider')) throw wrong(place, 'must have a `type`: function or provider');
    const name = tool['name'];
    if (typeof name !== 'string' || name === '') throw wrong(`${place}.name`, 'must be a text that is not empty');
    if (names.has(name)) throw invalid(`two tools are named "${name}"`);
    names.add(name);
    if (tool['type'] === 'function' && !isRecord(tool['inputSchema'])) throw wrong(`${place}.inputSchema`, 'must be a JSON Schema, an object');
    if (tool['type'] === 'provider' && !/^[^.]+\..+/.test(String(tool['id']))) throw wrong(`${place}.id`, 'must be `<dialect>.<name>`');
  }
}

function checkMessages(messages: unknown): void {
  for (const [index, message] of (messages as readonly Message[]).entries()) checkMessage(message, `messages[${index}]`);
}

/** Parts a role may hold; a role without a row here may hold any. */
const partsOfRole: Readonly<Record<string, readonly string[]>> = { user: ['text', 'file'], tool: ['tool-result', 'tool-approval-response'] };

function checkMessage(message: unknown, place: string): void {
  if (!isRecord(message) || !['system', 'user', 'assistant', 'tool'].includes(String(message['role']))) throw wrong(place, 'must have a `role`: system, user, assistant or tool');
  const { role, content } = message as { readonly role: string; readonly content: unknown };
  if (role === 'system') {
    if (typeof content !== 'string') throw wrong(`${place}.content`, 'must be a text, as of every system message');
    return;
  }
  if (!Array.isArray(content)) throw wrong(`${place}.content`, `must be a list of parts, such as [{ type: 'text', text: '...' }]`);
  const parts = content as readonly unknown[];
  for (const [index, part] of parts.entries()) checkPart(part, `${place}.content[${index}]`, partsOfRole[role]);
  if (role !== 'assistant' && parts.every((part) => (part as { readonly text?: unknown }).text === '')) throw wrong(place, `(${role}) is empty`);
}

/** What each kind of part must have besides its type. */
const textsOfPart: Readonly<Record<string, readonly string[]>> = {
  text: ['text'], reasoning: ['text'], file: ['mediaType'], 'reasoning-file': ['mediaType'], 'tool-call': ['toolCallId', 'toolName', 'input'],
  'tool-result': ['toolCallId', 'toolName'], 'tool-approval-request': ['approvalId'], 'tool-approval-response': ['approvalId'],
};
const objectOfPart: Readonly<Record<string, string>> = { file: 'data', 'reasoning-file': 'data', 'tool-result': 'output' };

function checkPart(part: unknown, place: string, allowed: readonly string[] | undefined): void {
  const type = isRecord(part) ? part['type'] : undefined;
  if (!isRecord(part) || typeof type !== 'string') throw wrong(place, 'must have a `type`');
  if (allowed && !allowed.includes(type)) throw wrong(place, `is a part of type ${type}: this message may hold ${allowed.join(' and ')}`);
  for (const field of textsOfPart[type] ?? []) if (typeof part[field] !== 'string') throw wrong(`${place}.${field}`, 'must be a text');
  const object = objectOfPart[type];
  if (object !== undefined && (!isRecord(part[object]) || typeof part[object]['type'] !== 'string')) throw wrong(`${place}.${object}`, 'must be an object with a `type`');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(field: string, what: string): ModelportError {
  return invalid(`\`${field}\` ${what}`);
}

function invalid(reason: string, hint = ''): ModelportError {
  return modelportError('REQUEST_INVALID', { text: `The request cannot be sent: ${reason}.${hint}` }, { retryable: false });
}
