/** What tools answered, as `toolResult` blocks. */
import type { ToolResultBlock, ToolResultContentBlock } from '@aws-sdk/client-bedrock-runtime';
import type { ToolOutput, ToolResultPart } from '@modelport/plugin-api';
import { toReadableOutput, toWireId, type Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';
import { encodeFile } from './file.ts';
import { isObject } from './own-data.ts';
import type { DocumentNames } from './document-names.ts';

/** Stands for an answer without a word, which the API refuses. */
const NO_OUTPUT = '(no output)';

/** What encoding results depends on. */
export interface ResultContext {
  readonly traits: ModelTraits;
  readonly documents: DocumentNames;
  readonly warnings: Warnings;
}

/** Encodes the result of a tool on the caller's side. */
export function encodeToolResult({ toolCallId, output }: ToolResultPart, { traits, documents, warnings }: ResultContext): ToolResultBlock {
  const failed = output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
  const content = contentOf(output, documents, warnings);
  return { toolUseId: toWireId(toolCallId), content, ...(failed && traits.resultStatus ? { status: 'error' as const } : {}) };
}

function contentOf(output: ToolOutput, documents: DocumentNames, warnings: Warnings): ToolResultContentBlock[] {
  if (output.type !== 'content') {
    // The API takes objects only as JSON.
    if ((output.type === 'json' || output.type === 'error-json') && isObject(output.value)) return [{ json: output.value as never }];
    const { text } = toReadableOutput(output);
    return [{ text: text.trim() === '' ? NO_OUTPUT : text }];
  }
  const content = output.value.flatMap((piece): ToolResultContentBlock[] => {
    if (piece.type === 'text') return piece.text.trim() === '' ? [] : [{ text: piece.text }];
    if (piece.type === 'custom') {
      warnings.unsupported('custom content in a tool result', 'It is another vendor’s.');
      return [];
    }
    const block = encodeFile(piece, documents);
    if (block.audio !== undefined) {
      warnings.unsupported('audio in a tool result', 'The Converse API takes none there.');
      return [];
    }
    return [block];
  });
  return content.length === 0 ? [{ text: NO_OUTPUT }] : content;
}
