/** One answer while it is being given: turns steps into parts, and keeps the open block, the counts and the limits. */
import type { ChatPart, ChatRequest, FinishReason, Json, Usage } from '@modelport/plugin-api';

import type { Situation } from './match.ts';
import type { FileStep, ReasoningStep, ResponseMetadataStep, SourceStep, Step, ToolCallStep, DelayStep, StallStep, FaultStep, CutStep } from './script.ts';
import { deltasOf, streamedText } from './streamed-text.ts';
import type { StreamedText } from './streamed-text.ts';
import { fill, fillJson } from './template.ts';
import type { Placeholders } from './template.ts';
import { countRequestWords, countWords, usageOf } from './word-count.ts';

/** The steps that send something; the others wait or fail, and are `play`'s. */
export type SendingStep = Exclude<Step, DelayStep | StallStep | FaultStep | CutStep>;

/** An answer in the making. One for each stream. */
export class Answer {
  readonly #request: ChatRequest;
  readonly #turn: number;
  readonly #placeholders: Placeholders;
  readonly #chunkWords: number;
  #openText: string | undefined;
  #blocks = 0;
  #toolCalls = 0;
  #sources = 0;
  #textWords = 0;
  #reasoningWords = 0;
  #statedUsage: Usage | undefined;
  #finishReason: FinishReason | undefined;

  constructor(situation: Situation, placeholders: Placeholders, chunkWords: number) {
    this.#request = situation.request;
    this.#turn = situation.conversation.turn;
    this.#placeholders = placeholders;
    this.#chunkWords = chunkWords;
  }

  /** Whether a step or a limit ended the answer: no further step is performed. */
  get isEnded(): boolean {
    return this.#finishReason !== undefined;
  }

  /** The usage so far: what the script stated, else counted words. */
  get usage(): Usage {
    return this.#statedUsage ?? usageOf({
      inputTokens: countRequestWords(this.#request),
      outputTokens: this.#textWords + this.#reasoningWords,
      reasoningTokens: this.#reasoningWords,
    });
  }

  /** The parts of one step. */
  perform(step: SendingStep): readonly ChatPart[] {
    if ('text' in step) return this.#text(fill(step.text, this.#placeholders), 'prose');
    if ('json' in step) return this.#text(JSON.stringify(fillJson(step.json, this.#placeholders)), 'json');
    if ('reasoning' in step) return [...this.#closeText(), ...this.#reasoning(step)];
    if ('toolCall' in step) return [...this.#closeText(), ...this.#toolCall(step)];
    if ('file' in step) return [...this.#closeText(), filePart(step)];
    if ('source' in step) return [...this.#closeText(), this.#source(step)];
    if ('unknown' in step) return [...this.#closeText(), { type: 'unknown', part: step.unknown }];
    if ('warning' in step) {
      return [{ type: 'warning', warning: typeof step.warning === 'string' ? { type: 'other', message: step.warning } : step.warning }];
    }
    if ('responseMetadata' in step) return [metadataPart(step)];
    if ('usage' in step) {
      this.#statedUsage = usageOf(step.usage);
      return [{ type: 'usage', usage: this.#statedUsage }];
    }
    this.#finishReason = { unified: step.finish, ...(step.raw === undefined ? {} : { raw: step.raw }) };
    return [];
  }

  /** The end of the answer: closes what is open and says why it ended. */
  finish(): readonly ChatPart[] {
    const finishReason = this.#finishReason ?? { unified: this.#toolCalls > 0 ? 'tool-calls' : 'stop' };
    return [...this.#closeText(), { type: 'finish', finishReason, usage: this.usage }];
  }

  #text(text: string, syntax: 'prose' | 'json'): readonly ChatPart[] {
    const streamed = this.#limited(text, syntax, this.#request.stopSequences ?? []);
    this.#textWords += streamed.pieces.length;
    if (streamed.pieces.length === 0) return [];
    const opening: ChatPart[] = [];
    if (this.#openText === undefined) {
      this.#openText = this.#blockId('text');
      opening.push({ type: 'text-start', id: this.#openText });
    }
    const id = this.#openText;
    return [...opening, ...deltasOf(streamed.pieces, this.#chunkWords).map((delta) => ({ type: 'text-delta', id, delta }) as const)];
  }

  #reasoning(step: ReasoningStep): readonly ChatPart[] {
    const id = this.#blockId('reasoning');
    const streamed = this.#limited(fill(step.reasoning, this.#placeholders), 'prose', []);
    this.#reasoningWords += streamed.pieces.length;
    const carried = step.providerMetadata === undefined ? {} : { providerMetadata: step.providerMetadata };
    return [
      { type: 'reasoning-start', id },
      ...deltasOf(streamed.pieces, this.#chunkWords).map((delta) => ({ type: 'reasoning-delta', id, delta }) as const),
      { type: 'reasoning-end', id, ...carried },
    ];
  }

  #limited(text: string, syntax: 'prose' | 'json', stopSequences: readonly string[]): StreamedText {
    const remaining = (this.#request.maxOutputTokens ?? Infinity) - this.#textWords - this.#reasoningWords;
    const streamed = streamedText(text, syntax, { remaining, stopSequences });
    if (streamed.ended === 'length') this.#finishReason = { unified: 'length', raw: 'max_output_tokens' };
    if (streamed.ended === 'stop-sequence') this.#finishReason = { unified: 'stop', raw: 'stop_sequence' };
    return streamed;
  }

  #toolCall({ toolCall }: ToolCallStep): readonly ChatPart[] {
    this.#toolCalls += 1;
    const id = toolCall.id ?? `call_${this.#turn}_${this.#toolCalls}`;
    const encoding = toolCall.inputEncoding === undefined ? {} : { inputEncoding: toolCall.inputEncoding };
    const input = this.#toolInput(toolCall.input ?? {});
    this.#textWords += countWords(input);
    return [
      { type: 'tool-input-start', id, toolName: toolCall.name, ...encoding },
      { type: 'tool-input-delta', id, delta: input },
      { type: 'tool-input-end', id },
      { type: 'tool-call', toolCallId: id, toolName: toolCall.name, input, ...encoding },
    ];
  }

  #toolInput(input: Json): string {
    return typeof input === 'string' ? fill(input, this.#placeholders) : JSON.stringify(fillJson(input, this.#placeholders));
  }

  #source({ source }: SourceStep): ChatPart {
    this.#sources += 1;
    const title = source.title === undefined ? {} : { title: source.title };
    return { type: 'source', sourceType: 'url', id: source.id ?? `source_${this.#sources}`, url: source.url, ...title };
  }

  #closeText(): readonly ChatPart[] {
    if (this.#openText === undefined) return [];
    const id = this.#openText;
    this.#openText = undefined;
    return [{ type: 'text-end', id }];
  }

  #blockId(kind: 'text' | 'reasoning'): string {
    this.#blocks += 1;
    return `${kind}_${this.#blocks}`;
  }
}

function filePart({ file }: FileStep): ChatPart {
  const data = file.url === undefined ? ({ type: 'data', data: file.data ?? '' } as const) : ({ type: 'url', url: file.url } as const);
  return { type: 'file', mediaType: file.mediaType, data, ...(file.filename === undefined ? {} : { filename: file.filename }) };
}

function metadataPart({ responseMetadata }: ResponseMetadataStep): ChatPart {
  const { timestamp, ...facts } = responseMetadata;
  return { type: 'response-metadata', ...facts, ...(timestamp === undefined ? {} : { timestamp: new Date(timestamp) }) };
}
