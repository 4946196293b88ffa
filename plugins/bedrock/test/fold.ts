/** Folds a plugin's parts into a result as a host does: blocks open at their first delta, order is that of their start. */
import type { ChatPart, ChatResult, ContentPart } from '@modelport/plugin-api';

type Block = { -readonly [Key in keyof ContentPart]: ContentPart[Key] } & { text: string };

export function fold(parts: readonly ChatPart[]): ChatResult {
  const content: ContentPart[] = [];
  const blocks = new Map<string, Block>();
  let response = {};
  let warnings: ChatResult['warnings'];
  let finish: Extract<ChatPart, { type: 'finish' }> | undefined;
  const block = (kind: 'text' | 'reasoning', id: string): Block => {
    let found = blocks.get(`${kind}:${id}`);
    if (found === undefined) {
      found = { type: kind, text: '' };
      blocks.set(`${kind}:${id}`, found);
      content.push(found as ContentPart);
    }
    return found;
  };
  for (const part of parts) {
    switch (part.type) {
      case 'stream-start':
        if (part.warnings.length > 0) warnings = part.warnings;
        break;
      case 'response-metadata': {
        const { type: _, ...rest } = part;
        response = { ...response, ...rest };
        break;
      }
      case 'text-start': case 'reasoning-start': case 'text-end': case 'reasoning-end': {
        const { type, id, ...rest } = part;
        Object.assign(block(type.startsWith('text') ? 'text' : 'reasoning', id), rest);
        break;
      }
      case 'text-delta': case 'reasoning-delta':
        block(part.type === 'text-delta' ? 'text' : 'reasoning', part.id).text += part.delta;
        break;
      case 'finish':
        if (finish !== undefined) throw new Error('two finish parts');
        finish = part;
        break;
      case 'usage': case 'ping': case 'raw': case 'warning': case 'tool-input-start': case 'tool-input-delta': case 'tool-input-end':
        break;
      default:
        content.push(part);
    }
  }
  if (finish === undefined) throw new Error('no finish part');
  const { finishReason, usage, providerMetadata } = finish;
  return { content, finishReason, usage, response, ...(providerMetadata === undefined ? {} : { providerMetadata }), ...(warnings === undefined ? {} : { warnings }) };
}
