/** What a script can ask about a request: the last user message, the last tool results, which turn this is. */
import type { AssistantMessage, ChatRequest, Message, ToolOutput, ToolResultPart } from '@modelport/plugin-api';

/** A request, read once for all rules. */
export interface Conversation {
  /** Text of the last user message; empty when there is none. */
  readonly lastUser: string;
  /** Text of the system messages, joined by line breaks. */
  readonly system: string;
  /** The results in the last message when that is a tool message, in order; else empty. */
  readonly toolResults: readonly ToolResultPart[];
  /** Everything after the last user message. */
  readonly sinceUser: readonly Message[];
  /** The n-th answer of the conversation, from 1. */
  readonly turn: number;
  /** The n-th answer since the last user message, from 1. */
  readonly turnSinceUser: number;
}

/** Reads a request. */
export function conversationOf(request: ChatRequest): Conversation {
  const { messages } = request;
  const last = messages.at(-1);
  const userIndex = messages.findLastIndex((message) => message.role === 'user');
  const sinceUser = messages.slice(userIndex + 1);
  return {
    lastUser: userIndex === -1 ? '' : textOf(messages[userIndex]),
    system: messages.filter((message) => message.role === 'system').map(textOf).join('\n'),
    toolResults: last?.role === 'tool' ? last.content.filter((part) => part.type === 'tool-result') : [],
    sinceUser,
    turn: 1 + messages.filter(isAssistant).length,
    turnSinceUser: 1 + sinceUser.filter(isAssistant).length,
  };
}

/** Whether a message is an assistant's. */
export function isAssistant(message: Message): message is AssistantMessage {
  return message.role === 'assistant';
}

/** The text of a message: its text parts and tool results, one after the other. */
export function textOf(message: Message | undefined): string {
  if (message === undefined) return '';
  if (message.role === 'system') return message.content;
  return message.content
    .map((part) => {
      if (part.type === 'text' || part.type === 'reasoning') return part.text;
      if (part.type === 'tool-result') return outputText(part.output);
      return part.type === 'tool-call' ? part.input : '';
    })
    .filter((text) => text !== '')
    .join('\n');
}

/** A tool's output as text: a JSON string without its quotes, other JSON written out. */
export function outputText(output: ToolOutput): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return typeof output.value === 'string' ? output.value : JSON.stringify(output.value);
    case 'execution-denied':
      return output.reason ?? 'it was not allowed to run';
    default:
      return output.value.map((part) => (part.type === 'text' ? part.text : '')).join('');
  }
}

/** Whether a tool's output reports a failure or a refusal. */
export function isFailure(output: ToolOutput): boolean {
  return output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
}
