/** A conversation as /api/chat takes it, whoever made its history. */
import { CallError, type AssistantMessage, type FilePart, type Json, type JsonObject, type Message, type ToolCallPart, type ToolMessage, type UserMessage } from '@modelport/plugin-api';
import { toBase64, toForeignCallText, toForeignResultText, toReadableOutput, toText, type Warnings } from '@modelport/plugin-api/kit';
import { DIALECT } from './request-body.ts';

/** Encodes the messages. Throws REQUEST_INVALID for a file by reference, CAPABILITY_MISSING for a file that is neither image nor text. */
export function encodeMessages(messages: readonly Message[], reasoningHistory: boolean, warnings: Warnings): Json[] {
  const encoded: Json[] = [];
  for (const message of messages) {
    switch (message.role) {
      case 'system':
        encoded.push({ role: 'system', content: message.content });
        break;
      case 'user':
        encoded.push(encodeUser(message));
        break;
      case 'assistant':
        encoded.push(encodeAssistant(message, reasoningHistory, warnings));
        break;
      case 'tool':
        addToolResults(message, encoded, warnings);
        break;
    }
  }
  return encoded;
}

/** Text is one string here and images stand beside it, in their order. */
function encodeUser(message: UserMessage): JsonObject {
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of message.content) {
    if (part.type === 'text') texts.push(part.text);
    else addFile(part, texts, images);
  }
  return { role: 'user', content: texts.join('\n'), ...(images.length === 0 ? {} : { images }) };
}

function encodeAssistant(message: AssistantMessage, reasoningHistory: boolean, warnings: Warnings): JsonObject {
  const calls: Json[] = [];
  let text = '';
  let thinking = '';
  for (const part of message.content) {
    switch (part.type) {
      case 'text':
        text += part.text;
        break;
      case 'reasoning':
        if (part.providerMetadata?.[DIALECT] === undefined) warnings.unsupported('reasoning in the history', 'Reasoning of another vendor is left out.');
        else if (!reasoningHistory) warnings.unsupported('reasoning in the history', 'The option reasoningHistory is false.');
        else thinking += part.text;
        break;
      case 'tool-call':
        if (part.providerExecuted === true) text = appended(text, toForeignCallText(part));
        else calls.push(encodeToolCall(part, warnings));
        break;
      case 'tool-result':
        text = appended(text, toForeignResultText(part));
        break;
      case 'file':
      case 'reasoning-file':
        warnings.unsupported('files in an assistant message', 'Ollama has no place for them.');
        break;
      case 'tool-approval-request':
      case 'tool-approval-response':
        warnings.unsupported('tool approvals', 'Ollama runs no tools.');
        break;
      case 'unknown':
        warnings.unsupported('unknown content', 'A part of the history that the contract has no word for is left out.');
        break;
      // Sources are for people, and what is custom is for its own vendor.
      case 'source':
      case 'custom':
        break;
    }
  }
  return { role: 'assistant', content: text, ...(thinking === '' ? {} : { thinking }), ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}

/** One message per result; images follow in a message of the user, where every model looks for them. */
function addToolResults(message: ToolMessage, encoded: Json[], warnings: Warnings): void {
  const texts: string[] = [];
  const images: string[] = [];
  for (const part of message.content) {
    if (part.type !== 'tool-result') {
      warnings.unsupported('tool approvals', 'Ollama runs no tools.');
      continue;
    }
    const output = toReadableOutput(part.output, 'The user did not allow this tool');
    for (const file of output.files) addFile(file, texts, images);
    encoded.push({ role: 'tool', content: output.text, tool_name: part.toolName, tool_call_id: part.toolCallId });
  }
  if (texts.length === 0 && images.length === 0) return;
  warnings.compatibility('files in a tool result', 'They follow as a message of the user.');
  encoded.push({ role: 'user', content: texts.join('\n'), ...(images.length === 0 ? {} : { images }) });
}

function encodeToolCall({ toolCallId, toolName, input }: ToolCallPart, warnings: Warnings): Json {
  return { id: toolCallId, function: { name: toolName, arguments: argumentsOf(input, toolName, warnings) } };
}

/** The wire takes an object and nothing else. */
function argumentsOf(input: string, toolName: string, warnings: Warnings): JsonObject {
  try {
    const value = JSON.parse(input === '' ? '{}' : input) as Json;
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  } catch {
    // Said below, together with what is JSON but no object.
  }
  warnings.compatibility('tool-call input', `The input of ${toolName} in the history is no JSON object; it travels as the field "input" of one.`);
  return { input };
}

function addFile({ mediaType, data }: FilePart, texts: string[], images: string[]): void {
  if (data.type === 'reference') {
    throw new CallError('REQUEST_INVALID', `A file is given by reference, but it was uploaded to ${Object.keys(data.reference).join(', ') || 'nobody'}; Ollama keeps no files. Send its bytes instead.`);
  }
  if (data.type === 'url') throw new CallError('REQUEST_INVALID', 'Ollama fetches no addresses: send the bytes of the file.');
  if (data.type === 'text') texts.push(data.text);
  else if (mediaType.startsWith('image/')) images.push(toBase64(data.data));
  else if (mediaType.startsWith('text/')) texts.push(toText(data.data));
  else throw new CallError('CAPABILITY_MISSING', `Ollama takes images and text, not ${mediaType}.`);
}

function appended(text: string, more: string): string {
  return text === '' ? more : `${text}\n${more}`;
}
