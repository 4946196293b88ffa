/** A conversation as Converse takes it: system blocks, and turns of user and assistant that alternate, whoever made the history. */
import type { ContentBlock, Message as WireMessage, SystemContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { AssistantMessage, Message, ProviderData, SystemMessage, ToolMessage, UserMessage } from '@modelport/plugin-api';
import { encodeAssistantPart, type ConversationContext } from './assistant.ts';
import { encodeFile } from './file.ts';
import { cachePointOf, ownFields } from './own-data.ts';
import { encodeToolResult } from './tool-result.ts';

/** A conversation on the wire. */
export interface EncodedConversation {
  readonly system: SystemContentBlock[];
  readonly messages: WireMessage[];
  /** Whether a turn holds tool calls or results, which is refused without tools. */
  readonly usesTools: boolean;
}

interface Turn {
  readonly role: 'user' | 'assistant';
  /** Tool results of a user turn, which come before everything else in it. */
  readonly results: ContentBlock[];
  readonly content: ContentBlock[];
}

/** Encodes the messages. Throws REQUEST_INVALID for a foreign file reference, CAPABILITY_MISSING for a file the API has no block for. */
export function encodeConversation(messages: readonly Message[], context: ConversationContext): EncodedConversation {
  const conversation = new Conversation(context);
  for (const message of messages) conversation.add(message);
  return conversation.end();
}

class Conversation {
  private readonly context: ConversationContext;
  private readonly system: SystemContentBlock[] = [];
  private readonly turns: Turn[] = [];

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
    const { warnings } = this.context;
    const last = this.turns.at(-1);
    const lastBlock = last?.content.at(-1);
    if (last?.role === 'assistant' && lastBlock?.text !== undefined && lastBlock.text !== lastBlock.text.trimEnd()) {
      last.content[last.content.length - 1] = { text: lastBlock.text.trimEnd() };
      warnings.compatibility('an assistant message at the end', 'Models take none that ends in white space: it was cut off.');
    }
    for (const { content } of this.turns) {
      if (!content.some(({ document }) => document !== undefined) || content.some(({ text }) => text !== undefined)) continue;
      content.unshift({ text: 'The attached document:' });
      warnings.compatibility('a document without text', 'The Converse API takes a document only beside text: "The attached document:" was put before it.');
    }
    const messages = this.turns.map(({ role, results, content }) => ({ role, content: [...results, ...content] }));
    const usesTools = messages.some(({ content }) => content.some(({ toolUse, toolResult }) => toolUse !== undefined || toolResult !== undefined));
    return { system: this.system, messages, usesTools };
  }

  private addSystem(message: SystemMessage): void {
    if (message.content.trim() === '') return;
    if (this.turns.length > 0) this.context.warnings.compatibility('a system message in the conversation', 'It was put before the conversation: the Converse API takes system text there.');
    this.system.push(guarded(message.providerMetadata) ? { guardContent: { text: { text: message.content } } } : { text: message.content });
    const cachePoint = cachePointOf(message.providerMetadata);
    if (cachePoint !== undefined) this.system.push({ cachePoint });
  }

  private addUser(message: UserMessage): void {
    const blocks: ContentBlock[] = [];
    for (const part of message.content) {
      if (part.type !== 'text') blocks.push(encodeFile(part, this.context.documents));
      // The API refuses blank text, which says nothing anyway.
      else if (part.text.trim() !== '') blocks.push(guarded(part.providerMetadata) ? { guardContent: { text: { text: part.text } } } : { text: part.text });
      addCachePoint(blocks, part.providerMetadata);
    }
    this.place('user', blocks, message.providerMetadata);
  }

  private addAssistant(message: AssistantMessage): void {
    const blocks: ContentBlock[] = [];
    for (const part of message.content) {
      blocks.push(...encodeAssistantPart(part, this.context));
      if (part.type !== 'unknown') addCachePoint(blocks, part.providerMetadata);
    }
    this.place('assistant', withCallsLast(blocks), message.providerMetadata);
  }

  private addResults(message: ToolMessage): void {
    const blocks: ContentBlock[] = [];
    for (const part of message.content) {
      if (part.type === 'tool-result') {
        blocks.push({ toolResult: encodeToolResult(part, this.context) });
        addCachePoint(blocks, part.providerMetadata);
      } else this.context.warnings.unsupported('tool approvals', 'The Converse API asks for none.');
    }
    if (blocks.length === 0) return;
    addCachePoint(blocks, message.providerMetadata);
    this.turn('user').results.push(...blocks);
  }

  private place(role: Turn['role'], blocks: ContentBlock[], data: ProviderData | undefined): void {
    if (blocks.length === 0) return;
    addCachePoint(blocks, data);
    this.turn(role).content.push(...blocks);
  }

  private turn(role: Turn['role']): Turn {
    const last = this.turns.at(-1);
    if (last?.role === role) return last;
    const turn: Turn = { role, results: [], content: [] };
    this.turns.push(turn);
    return turn;
  }
}

/** Whether a guardrail shall read this text and no other. */
function guarded(data: ProviderData | undefined): boolean {
  return ownFields(data)['guardContent'] === true;
}

function addCachePoint(blocks: ContentBlock[], data: ProviderData | undefined): void {
  const cachePoint = cachePointOf(data);
  if (cachePoint !== undefined && blocks.length > 0 && blocks.at(-1)?.cachePoint === undefined) blocks.push({ cachePoint });
}

/** Results must follow their calls at once, so text another vendor put after its calls goes before them. Signed turns stay as they are. */
function withCallsLast(blocks: ContentBlock[]): ContentBlock[] {
  const isCall = (block: ContentBlock): boolean => block.toolUse !== undefined;
  const first = blocks.findIndex(isCall);
  if (first === -1 || blocks.slice(first).every(isCall) || blocks.some((block) => block.text === undefined && !isCall(block))) return blocks;
  return [...blocks.filter((block) => !isCall(block)), ...blocks.filter(isCall)];
}
