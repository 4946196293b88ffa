/** The stream of an answer that arrived whole. */
import type { ChatResult } from '../chat-model.ts';
import type { ChatPart } from '../chat-part.ts';

/**
 * The parts a stream would have had, in one array, for a wire that does not stream: `yield partsOf(await this.complete(request, call))`.
 * Folding them gives the result back. Each text and reasoning is one block whose `end` carries its vendor data.
 */
export function partsOf(result: ChatResult): ChatPart[] {
  const parts: ChatPart[] = [{ type: 'stream-start', warnings: result.warnings ?? [] }];
  if (result.response !== undefined) parts.push({ ...result.response, type: 'response-metadata' });
  for (const [index, content] of result.content.entries()) {
    if (content.type !== 'text' && content.type !== 'reasoning') {
      parts.push(content);
      continue;
    }
    const { type, text, ...rest } = content;
    const id = String(index);
    parts.push({ type: `${type}-start`, id });
    if (text !== '') parts.push({ type: `${type}-delta`, id, delta: text });
    parts.push({ ...rest, type: `${type}-end`, id });
  }
  const { providerMetadata, finishReason, usage } = result;
  parts.push({ type: 'finish', finishReason, usage, ...(providerMetadata === undefined ? {} : { providerMetadata }) });
  return parts;
}
