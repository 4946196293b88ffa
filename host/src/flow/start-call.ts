/** Step 7: a request becomes a call: input checked, one controller and one timer, an id; nothing is sent yet. */
import { randomUUID } from 'node:crypto';
import type { Call, Capability, ChatRequest, ModelInfo } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';
import type { Leaseholder } from '../lifecycle/generation.ts';

/** Time limits of a call, in milliseconds; 0 = none. */
export interface CallLimits {
  /** From the request to the first part. Default 300000. */
  readonly firstPartMs: number;
  /** Longest silence between two parts. Default 60000. */
  readonly idleMs: number;
  /** The whole call, retries included. Default 0. */
  readonly totalMs: number;
}

/** What a call is started with, apart from the request. */
export interface CallSettings {
  readonly limits: CallLimits;
  readonly signal?: AbortSignal | undefined;
  readonly sessionId?: string | undefined;
  readonly metadata?: Readonly<Record<string, string>> | undefined;
  readonly includeRaw?: boolean | undefined;
}

/**
 * One started request. It is the `Call` that plugins get, and the holder of the lease on a generation. Its one timer looks after all
 * limits: time counts only while the call waits for the provider, so a slow reader is never taken for a silent vendor.
 */
export class ActiveCall implements Call, Leaseholder {
  readonly id = `call_${randomUUID()}`;
  readonly sessionId?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly includeRaw?: boolean;
  readonly startedAt = performance.now();
  attempt = 1;
  /** Told once when the call aborts; cheaper than a listener on the signal, of which every call would need one. */
  onAbort: ((reason: unknown) => void) | undefined;
  readonly #controller = new AbortController();
  readonly #limits: CallLimits;
  readonly #outer: AbortSignal | undefined;
  #timer: NodeJS.Timeout | undefined;
  #waitingSince = 0;
  #started = false;

  constructor({ limits, signal, sessionId, metadata, includeRaw }: CallSettings) {
    this.#limits = limits;
    this.#outer = signal;
    if (sessionId !== undefined) this.sessionId = sessionId;
    if (metadata !== undefined) this.metadata = metadata;
    if (includeRaw !== undefined) this.includeRaw = includeRaw;
    if (signal?.aborted) this.#onOuterAbort();
    else signal?.addEventListener('abort', this.#onOuterAbort, { once: true });
    this.#arm(this.#nextCheck(this.startedAt));
  }

  /** Aborts on cancel, on a limit, when the generation must go, and when the host closes. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Ends the call for this reason. Later reasons change nothing. */
  abort(reason: unknown): void {
    if (this.#controller.signal.aborted) return;
    this.#controller.abort(reason);
    this.onAbort?.(reason);
  }

  /** Says that the call waits for the provider from now on. */
  waits(): void {
    this.#waitingSince = performance.now();
  }

  /** Says that something came: the silence is over, and the first part is there. */
  arrived(): void {
    this.#waitingSince = 0;
    this.#started = true;
  }

  /** A new attempt begins: the limit for the first part counts anew. */
  nextAttempt(): void {
    this.attempt += 1;
    this.#started = false;
  }

  /** Frees the timer and the listener. Idempotent. */
  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#outer?.removeEventListener('abort', this.#onOuterAbort);
  }

  readonly #onOuterAbort = (): void => {
    this.abort(modelportError('ABORTED', { text: 'The call was aborted by its signal.' }, { callId: this.id, retryable: false, cause: this.#outer?.reason }));
  };

  #arm(afterMs: number): void {
    if (!Number.isFinite(afterMs)) return;
    this.#timer = setTimeout(() => this.#check(), Math.min(Math.max(1, Math.ceil(afterMs)), 2 ** 31 - 1));
  }

  #silenceLimit(): number {
    return this.#started ? this.#limits.idleMs : this.#limits.firstPartMs;
  }

  /** Milliseconds until a limit could be over. */
  #nextCheck(now: number): number {
    const silence = this.#silenceLimit();
    const bySilence = silence > 0 ? (this.#waitingSince === 0 ? silence : this.#waitingSince + silence - now) : Infinity;
    const byTotal = this.#limits.totalMs > 0 ? this.startedAt + this.#limits.totalMs - now : Infinity;
    // The shorter idle limit takes over with the first part, maybe before the limit for the first part is due.
    const byIdle = this.#limits.idleMs > 0 ? this.#limits.idleMs : Infinity;
    return Math.min(bySilence, byTotal, byIdle);
  }

  #check(): void {
    const now = performance.now();
    const { totalMs } = this.#limits;
    const silence = this.#silenceLimit();
    if (totalMs > 0 && now - this.startedAt >= totalMs) return this.#timeOut('total', `The call took longer than ${totalMs} ms (calls.timeouts.totalMs).`);
    if (silence > 0 && this.#waitingSince > 0 && now - this.#waitingSince >= silence) {
      return this.#started
        ? this.#timeOut('idle', `Nothing came for ${silence} ms in the middle of the answer (calls.timeouts.idleMs).`)
        : this.#timeOut('header', `The first part did not come within ${silence} ms (calls.timeouts.firstPartMs).`);
    }
    this.#arm(this.#nextCheck(now));
  }

  #timeOut(limit: 'header' | 'idle' | 'total', text: string): void {
    this.abort(modelportError('TIMEOUT', { text }, { limit, callId: this.id, retryable: limit !== 'total' }));
  }
}

/** Numbers of a request with the range each may have. Source: the ranges the vendors' own references share. */
const ranges: readonly (readonly [keyof ChatRequest, number, number])[] = [
  ['temperature', 0, 2], ['topP', 0, 1], ['topK', 0, Infinity], ['maxOutputTokens', 1, Infinity],
  ['presencePenalty', -2, 2], ['frequencyPenalty', -2, 2], ['topLogprobs', 0, 20],
];

/** Refuses what no provider could answer, before anything is sent: throws REQUEST_INVALID naming the field. */
export function checkRequest(request: ChatRequest): void {
  if (!Array.isArray(request.messages) || request.messages.length === 0) throw invalid('`messages` is empty: a request needs at least one message');
  request.messages.forEach((message, index) => checkMessage(message, index));
  for (const [field, least, most] of ranges) {
    const value = request[field];
    if (value !== undefined && (typeof value !== 'number' || !Number.isFinite(value) || value < least || value > most)) {
      throw invalid(`\`${field}\` is ${String(value)}: it must be a number ${most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`}`);
    }
  }
  const names = new Set<string>();
  for (const tool of request.tools ?? []) {
    if (tool.name === '') throw invalid('a tool has no name');
    if (names.has(tool.name)) throw invalid(`two tools are named "${tool.name}"`);
    names.add(tool.name);
  }
  const { toolChoice } = request;
  if (toolChoice?.type === 'tool' && !names.has(toolChoice.toolName)) throw invalid(`\`toolChoice\` names the tool "${toolChoice.toolName}", which is not offered`);
  if (toolChoice?.type === 'required' && names.size === 0) throw invalid('`toolChoice` asks for a tool call, but no tool is offered');
}

const roles = new Set(['system', 'user', 'assistant', 'tool']);

function checkMessage(message: ChatRequest['messages'][number], index: number): void {
  if (typeof message !== 'object' || message === null || !roles.has(message.role)) throw invalid(`message ${index} has no role: one of system, user, assistant, tool`);
  if (message.role === 'system' ? typeof message.content !== 'string' : !Array.isArray(message.content)) {
    throw invalid(`message ${index} (${message.role}): \`content\` must be ${message.role === 'system' ? 'a string' : 'a list of parts'}`);
  }
  if (message.role === 'user' && message.content.length === 0) throw invalid(`message ${index} (user) is empty`);
}

function invalid(reason: string): Error {
  return modelportError('REQUEST_INVALID', { text: `The request cannot be sent: ${reason}.` }, { retryable: false });
}

/** Refuses a request that asks for what the model is known not to have: CAPABILITY_MISSING. Unknown is never taken for no. */
export function checkCapabilities(request: ChatRequest, info: ModelInfo, backend: string): void {
  const known = info.capabilities;
  if (!known) return;
  const wanted: [Capability, string][] = [];
  if (request.tools && request.tools.length > 0) wanted.push(['tools', 'it is offered tools']);
  if (request.toolChoice && request.toolChoice.type !== 'auto') wanted.push(['tool-choice', 'a tool choice is set']);
  if (request.responseFormat?.type === 'json') wanted.push(request.responseFormat.schema ? ['json-schema', 'an answer by schema is asked for'] : ['json', 'a JSON answer is asked for']);
  for (const message of request.messages) {
    if (message.role === 'system') wanted.push(['system-message', 'there is a system message']);
    if (message.role !== 'user') continue;
    for (const part of message.content) {
      if (part.type !== 'file') continue;
      const kind = part.mediaType.split('/')[0];
      wanted.push(kind === 'image' ? ['image-input', 'an image is sent'] : kind === 'audio' ? ['audio-input', 'audio is sent'] : ['file-input', 'a file is sent']);
    }
  }
  const missing = wanted.find(([capability]) => known[capability] === false);
  if (missing) {
    throw modelportError('CAPABILITY_MISSING', {
      text: `${info.id}@${backend} has not the capability "${missing[0]}", but ${missing[1]}.`,
    }, { backend, model: info.id, retryable: false });
  }
}
