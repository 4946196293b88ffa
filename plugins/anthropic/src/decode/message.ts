/** A whole answer, as the API sends it where no stream was asked. */
import type { Call, ChatResult, ContentPart } from '@modelport/plugin-api';
import { protocolError, withoutCookies } from '@modelport/plugin-api/kit';
import type { EncodedRequest } from '../encode/request.ts';
import type { WireBlock, WireMessage } from '../wire.ts';
import { Citations } from './citations.ts';
import { callMetadata, isVendorCall, isVendorResult, toCustom, toVendorResult } from './content.ts';
import { finishMetadata, toFinishReason } from './finish.ts';
import { toUsage } from './usage.ts';

/** What reading an answer depends on. */
export interface DecodeContext {
  readonly call: Call;
  readonly encoded: EncodedRequest;
  readonly headers: Readonly<Record<string, string>>;
  readonly dialect: string;
}

/** Reads a whole answer. Throws PROTOCOL for one without content. */
export function decodeMessage(value: unknown, context: DecodeContext): ChatResult {
  const message = value as WireMessage;
  if (!Array.isArray(message.content)) throw protocolError('The answer has no content.', context.headers);
  const reader = new ContentReader(context);
  const content = (message.content as readonly WireBlock[]).flatMap((block) => reader.read(block));
  const providerMetadata = finishMetadata(message, context.dialect);
  return {
    content, finishReason: toFinishReason(message.stop_reason, reader.hasCalls), usage: toUsage(message.usage),
    response: { ...(message.id ? { id: message.id } : {}), ...(message.model ? { modelId: message.model } : {}), headers: withoutCookies(context.headers) },
    ...(context.encoded.warnings.length === 0 ? {} : { warnings: context.encoded.warnings }),
    ...(providerMetadata === undefined ? {} : { providerMetadata }),
  };
}

class ContentReader {
  hasCalls = false;
  private readonly context: DecodeContext;
  private readonly citations: Citations;
  private readonly toolNames = new Map<string, string>();

  constructor(context: DecodeContext) {
    this.context = context;
    this.citations = new Citations(context.dialect);
  }

  read(block: WireBlock): ContentPart[] {
    const { dialect, encoded } = this.context;
    if (block.type === 'text') return this.text(block);
    if (block.type === 'thinking') return [{ type: 'reasoning', text: block.thinking ?? '', ...(block.signature ? { providerMetadata: { [dialect]: { signature: block.signature } } } : {}) }];
    if (block.type === 'redacted_thinking') return [{ type: 'reasoning', text: '', providerMetadata: { [dialect]: { redactedData: block.data ?? '' } } }];
    if (block.type === 'tool_use' && block.name === encoded.answerTool) return [{ type: 'text', text: JSON.stringify(block.input ?? {}) }];
    if (block.type === 'tool_use' || isVendorCall(block.type)) return [this.call(block)];
    if (isVendorResult(block.type)) return [toVendorResult(block, this.toolNames.get(block.tool_use_id ?? ''), dialect)];
    return [toCustom(block, dialect)];
  }

  private text({ text = '', citations: wire }: WireBlock): ContentPart[] {
    if (!wire || wire.length === 0) return text === '' ? [] : [{ type: 'text', text }];
    const { citations, newSources } = this.citations.read(wire);
    return [{ type: 'text', text, citations, providerMetadata: this.citations.metadata(wire) }, ...newSources];
  }

  private call(block: WireBlock): ContentPart {
    const toolCallId = block.id ?? '';
    const toolName = block['toolset_name'] ? (block.name ?? '') : this.context.encoded.names.original(block.name ?? '');
    const providerExecuted = isVendorCall(block.type);
    if (!providerExecuted) this.hasCalls = true;
    this.toolNames.set(toolCallId, toolName);
    const providerMetadata = callMetadata(block, this.context.dialect);
    return {
      type: 'tool-call', toolCallId, toolName, input: JSON.stringify(block.input ?? {}), ...(providerExecuted ? { providerExecuted } : {}),
      ...(providerMetadata === undefined ? {} : { providerMetadata }),
    };
  }
}
