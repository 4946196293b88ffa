/** The whole answer of Converse, as a result. */
import type { ChatResult, ContentPart, Json } from '@modelport/plugin-api';
import { protocolError, ToolCallCollector } from '@modelport/plugin-api/kit';
import type { ChatPart } from '@modelport/plugin-api';
import type { WireAnswer, WireBlock } from '../wire.ts';
import { reasoningData, Sources, toImage, toVendorResult, vendorCallData } from './content.ts';
import { finishData, toFinishReason } from './finish.ts';
import type { AnswerContext } from './stream.ts';
import { toUsage } from './usage.ts';

/** Reads an answer. Throws PROTOCOL for one without a message. */
export function decodeMessage(answer: WireAnswer, context: AnswerContext): ChatResult {
  const blocks = answer.output?.message?.content;
  if (!Array.isArray(blocks) && answer.stopReason === undefined) throw protocolError('The answer holds no message.', context.headers);
  const reader = new BlockReader(context);
  const content = ((blocks ?? [])).flatMap((block) => reader.read(block));
  return {
    content, finishReason: toFinishReason(answer.stopReason, reader.calls, reader.answered), usage: toUsage(answer.usage), ...finishData(answer, answer.additionalModelResponseFields),
  };
}

class BlockReader {
  calls = 0;
  answered = false;
  private readonly context: AnswerContext;
  private readonly sources = new Sources();
  private readonly collector = new ToolCallCollector();
  private readonly toolNames = new Map<string, string>();

  constructor(context: AnswerContext) {
    this.context = context;
  }

  read(block: WireBlock): ContentPart[] {
    const { family } = this.context;
    const { text, toolUse, toolResult, reasoningContent, citationsContent, image } = block;
    if (text !== undefined) return text === '' ? [] : [{ type: 'text', text }];
    if (toolUse !== undefined) return this.call(toolUse);
    if (toolResult !== undefined) return [toVendorResult(family, toolResult, this.toolNames.get(toolResult.toolUseId ?? ''))];
    if (citationsContent !== undefined) return this.cited(citationsContent);
    if (image?.source?.bytes !== undefined) return [toImage(image.format, image.source.bytes)];
    if (reasoningContent !== undefined) {
      const { reasoningText, redactedContent } = reasoningContent;
      const providerMetadata = reasoningData(family, reasoningText?.signature, redactedContent);
      return [{ type: 'reasoning', text: reasoningText?.text ?? '', ...(providerMetadata === undefined ? {} : { providerMetadata }) }];
    }
    return [{ type: 'unknown', part: block }];
  }

  private call(toolUse: NonNullable<WireBlock['toolUse']>): ContentPart[] {
    const { toolUseId, name = '', input } = toolUse;
    if (name === this.context.answerTool) {
      this.answered = true;
      return [{ type: 'text', text: JSON.stringify(input ?? {}) }];
    }
    const toolName = this.context.names.original(name);
    if (toolUseId !== undefined) this.toolNames.set(toolUseId, toolName);
    if (toolUse.type === undefined) this.calls += 1;
    const parts: ChatPart[] = [];
    const isWhole = typeof input === 'object' && input !== null;
    this.collector.add({
      index: this.collector.count, id: toolUseId, toolName, input: isWhole && Object.keys(input).length === 0 ? '' : (input satisfies Json | undefined), providerExecuted: toolUse.type !== undefined,
      providerMetadata: vendorCallData(this.context.family, toolUse),
    }, parts);
    this.collector.endAll(parts);
    return parts.filter((part) => part.type === 'tool-call');
  }

  private cited({ content = [], citations: wire = [] }: NonNullable<WireBlock['citationsContent']>): ContentPart[] {
    const { citations, newSources } = this.sources.read(wire);
    const text = content.map((piece) => piece.text ?? '').join('');
    return [{ type: 'text', text, ...(citations.length === 0 ? {} : { citations }) }, ...newSources];
  }
}
