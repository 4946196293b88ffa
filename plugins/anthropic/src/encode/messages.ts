/** A conversation as the API takes it: system blocks, and turns in which tool results come first, whoever made the history. */
import type { AssistantMessage, Json, JsonObject, Message, SystemMessage, ToolMessage, UserMessage } from '@modelport/plugin-api';
import type { Fields } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';
import { encodeAssistantPart, type AssistantContext } from './assistant.ts';
import { encodeFile } from './file.ts';
import { ownFields } from './own-data.ts';
import { encodeToolResult } from './tool-result.ts';

/** What encoding a conversation depends on. */
export interface ConversationContext extends AssistantContext {
  readonly traits: ModelTraits;
}

/** A conversation on the wire. */
export interface EncodedConversation {
  readonly system: readonly Fields[];
  readonly messages: readonly Json[];
}

interface Turn {
  readonly role: 'system' | 'user' | 'assistant';
  /** Tool results of a user turn, which must come before everything else in it. */
  readonly results: Fields[];
  readonly content: Fields[];
}

/** Encodes the messages. Throws REQUEST_INVALID for a foreign file reference, CAPABILITY_MISSING for a file the API has no block for. */
export function encodeConversation(messages: readonly Message[], context: ConversationContext): EncodedConversation {
  const conversation = new Conversation(context);
  for (const message of messages) conversation.add(message);
  return conversation.end();
}

class Conversation {
  private readonly context: ConversationContext;
  private readonly system: Fields[] = [];
  private readonly turns: Turn[] = [];
  /** System messages that wait for the end of the user's turn, the only place for them after the first. */
  private waiting: Fields[] = [];
  /** The vendor's toolset of each call, which its result has to name. */
  private readonly toolsets = new Map<string, Json>();

  constructor(context: ConversationContext) {
    this.context = context;
  }

  add(message: Message): void {
    switch (message.role) {
      case 'system':
        this.addSystem(message);
        break;
      case 'user':
        this.addUser(message);
        break;
      case 'assistant':
        this.addAssistant(message);
        break;
      case 'tool':
        this.addResults(message);
        break;
    }
  }

  end(): EncodedConversation {
    this.placeSystem();
    const last = this.turns.at(-1);
    const lastBlock = last?.content.at(-1);
    if (last?.role === 'assistant' && lastBlock?.['type'] === 'text') {
      const text = String(lastBlock['text']);
      // An answer begun by the caller may not end in white space.
      if (text !== text.trimEnd()) {
        lastBlock['text'] = text.trimEnd();
        this.context.warnings.compatibility('an assistant message at the end', 'The API takes none that ends in white space: it was cut off.');
      }
    }
    return { system: this.system, messages: this.turns.map(({ role, results, content }) => ({ role, content: [...results, ...content] })) };
  }

  private addSystem(message: SystemMessage): void {
    if (message.content.trim() === '') return;
    const block: Fields = { type: 'text', text: message.content, ...ownFields(message.providerMetadata, this.context.dialect) };
    if (this.turns.length === 0) this.system.push(block);
    else this.waiting.push(block);
  }

  /** Puts waiting system messages after the user's turn, or before the conversation where model or place take none. */
  private placeSystem(): void {
    if (this.waiting.length === 0) return;
    if (this.context.traits.systemTurns && this.turns.at(-1)?.role === 'user') {
      this.turns.push({ role: 'system', results: [], content: this.waiting });
    } else {
      this.system.push(...this.waiting);
      this.context.warnings.compatibility('a system message in the conversation', 'It was put before the conversation: this model takes none there.');
    }
    this.waiting = [];
  }

  private addUser(message: UserMessage): void {
    const { dialect } = this.context;
    const blocks = message.content.flatMap((part): Fields[] => {
      if (part.type !== 'text') return [encodeFile(part, dialect)];
      // The API refuses blank text, which says nothing anyway.
      if (part.text.trim() === '') return [];
      // The user's text cites nothing: an answer that is quoted here may carry its citations, which the API refuses.
      const { citations: _, ...own } = ownFields(part.providerMetadata, dialect) ?? {};
      return [{ type: 'text', text: part.text, ...own }];
    });
    if (blocks.length === 0) return;
    markLast(blocks, ownFields(message.providerMetadata, dialect));
    this.turn('user').content.push(...blocks);
  }

  private addResults(message: ToolMessage): void {
    const { dialect, warnings } = this.context;
    const blocks: Fields[] = [];
    for (const part of message.content) {
      if (part.type === 'tool-result') blocks.push(encodeToolResult(part, this.toolsets.get(part.toolCallId), dialect, warnings));
      else warnings.unsupported('tool approvals', 'The API asks for none.');
    }
    if (blocks.length === 0) return;
    markLast(blocks, ownFields(message.providerMetadata, dialect));
    this.turn('user').results.push(...blocks);
  }

  private addAssistant(message: AssistantMessage): void {
    const blocks: Fields[] = [];
    for (const part of message.content) {
      if (part.type === 'tool-call') {
        const toolset = part.providerMetadata?.[this.context.dialect]?.['toolset_name'];
        if (toolset !== undefined) this.toolsets.set(part.toolCallId, toolset);
      }
      blocks.push(...encodeAssistantPart(part, this.context));
    }
    if (blocks.length === 0) return;
    markLast(blocks, ownFields(message.providerMetadata, this.context.dialect));
    this.placeSystem();
    this.turn('assistant').content.push(...withCallsLast(blocks));
  }

  private turn(role: 'user' | 'assistant'): Turn {
    const last = this.turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, results: [], content: [] };
    this.turns.push(turn);
    return turn;
  }
}

/** A cache breakpoint on a message is one on its last block that can carry it. */
function markLast(blocks: readonly Fields[], own: JsonObject | undefined): void {
  const last = blocks.findLast((block) => !String(block['type']).includes('thinking'));
  if (own?.['cache_control'] !== undefined && last !== undefined) last['cache_control'] ??= own['cache_control'];
}

/** Results must follow their calls at once, so text another vendor put after its calls goes before them. Signed turns stay as they are. */
function withCallsLast(blocks: readonly Fields[]): readonly Fields[] {
  const isCall = (block: Fields): boolean => block['type'] === 'tool_use';
  const first = blocks.findIndex(isCall);
  if (first === -1 || blocks.slice(first).every(isCall) || blocks.some((block) => block['type'] !== 'text' && !isCall(block))) return blocks;
  return [...blocks.filter((block) => !isCall(block)), ...blocks.filter(isCall)];
}
