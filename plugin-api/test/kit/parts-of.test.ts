import { describe, expect, it } from 'vitest';
import type { ChatResult, ContentPart } from '../../src/index.ts';
import { partsOf } from '../../src/kit/index.ts';

const usage = { inputTokens: { total: 3 }, outputTokens: { total: 5 } };
const result: ChatResult = {
  content: [
    { type: 'reasoning', text: '', providerMetadata: { anthropic: { signature: 's' } } },
    { type: 'text', text: 'It is ', citations: [{ source: { type: 'source', sourceType: 'url', id: '1', url: 'https://a.example' } }] },
    { type: 'tool-call', toolCallId: 'a', toolName: 'f', input: '{}' },
    { type: 'text', text: '4.' },
    { type: 'unknown', part: { kind: 'new' } },
  ],
  finishReason: { unified: 'tool-calls', raw: 'tool_use' },
  usage,
  response: { id: 'r', modelId: 'm' },
  warnings: [{ type: 'other', message: 'w' }],
  providerMetadata: { anthropic: { container: 'c' } },
};

/** Folds a stream by the rules written on ChatPart, in the plainest way. */
function fold(parts: ReturnType<typeof partsOf>): ChatResult {
  const content: ContentPart[] = [];
  const places = new Map<string, number>();
  let folded: Partial<ChatResult> = {};
  for (const part of parts) {
    switch (part.type) {
      case 'stream-start': folded = { ...folded, warnings: part.warnings }; break;
      case 'response-metadata': { const { type: _type, ...response } = part; folded = { ...folded, response }; break; }
      case 'text-start': case 'reasoning-start':
        places.set(part.id, content.push({ type: part.type === 'text-start' ? 'text' : 'reasoning', text: '' }) - 1);
        break;
      case 'text-delta': case 'reasoning-delta': {
        const block = content[places.get(part.id)!] as { type: 'text'; text: string };
        content[places.get(part.id)!] = { ...block, text: block.text + part.delta };
        break;
      }
      case 'text-end': case 'reasoning-end': {
        const { type: _type, id, ...rest } = part;
        content[places.get(id)!] = { ...content[places.get(id)!]!, ...rest } as ContentPart;
        break;
      }
      case 'finish': { const { type: _type, ...rest } = part; folded = { ...folded, ...rest }; break; }
      default: content.push(part as ContentPart);
    }
  }
  return { ...folded, content } as ChatResult;
}

describe('partsOf', () => {
  it('gives the result back when folded', () => {
    expect(fold(partsOf(result))).toEqual(result);
  });

  it('opens with stream-start and ends with one finish', () => {
    const types = partsOf(result).map((part) => part.type);
    expect(types[0]).toBe('stream-start');
    expect(types.filter((type) => type === 'finish')).toHaveLength(1);
    expect(types.at(-1)).toBe('finish');
  });

  it('makes no delta of an empty text', () => {
    expect(partsOf({ content: [{ type: 'text', text: '' }], finishReason: { unified: 'stop' }, usage }).map((part) => part.type))
      .toEqual(['stream-start', 'text-start', 'text-end', 'finish']);
  });
});
