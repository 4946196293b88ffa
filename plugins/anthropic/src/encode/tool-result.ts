/** What tools answered, as `tool_result` blocks, or as text where another vendor ran the tool. */
import type { Json, ToolCallPart, ToolOutput, ToolResultPart } from '@modelport/plugin-api';
import { encodeFile } from './file.ts';
import { ownFields, type Fields } from './own-data.ts';
import type { Warnings } from './warnings.ts';
import { toWireId } from './wire-names.ts';

/** Encodes the result of a tool on the caller's side. `toolset` is the vendor's toolset the call came from. */
export function encodeToolResult(part: ToolResultPart, toolset: Json | undefined, dialect: string, warnings: Warnings): Fields {
  const { output } = part;
  const failed = output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
  const content = output.type === 'content' ? encodeContent(output.value, dialect, warnings) : textOf(output);
  return {
    type: 'tool_result', tool_use_id: toWireId(part.toolCallId), ...(content.length === 0 ? {} : { content }),
    ...(failed ? { is_error: true } : {}), ...(toolset === undefined ? {} : { toolset_name: toolset }),
    ...ownFields(output.providerMetadata, dialect), ...ownFields(part.providerMetadata, dialect),
  };
}

/** What another vendor's tool was asked. */
export function foreignCallText(part: ToolCallPart): string {
  return `[${part.toolName} was run with ${part.input}]`;
}

/** What another vendor's tool answered. */
export function foreignResultText(part: ToolResultPart): string {
  const { output } = part;
  const text = output.type === 'content'
    ? output.value.map((piece) => (piece.type === 'text' ? piece.text : piece.type === 'custom' ? '' : `(file ${piece.filename ?? piece.mediaType})`)).join('\n')
    : textOf(output);
  return `[${part.toolName} answered: ${text}]`;
}

function textOf(output: Exclude<ToolOutput, { readonly type: 'content' }>): string {
  switch (output.type) {
    case 'text':
    case 'error-text':
      return output.value;
    case 'json':
    case 'error-json':
      return JSON.stringify(output.value);
    case 'execution-denied':
      return `The tool was not allowed to run${output.reason === undefined ? '.' : `: ${output.reason}`}`;
  }
}

function encodeContent(pieces: Extract<ToolOutput, { readonly type: 'content' }>['value'], dialect: string, warnings: Warnings): Fields[] {
  return pieces.flatMap((piece): Fields[] => {
    const own = ownFields(piece.providerMetadata, dialect);
    if (piece.type === 'text') return piece.text.trim() === '' ? [] : [{ type: 'text', text: piece.text, ...own }];
    if (piece.type !== 'custom') return [encodeFile(piece, dialect)];
    // A tool reference or a search result: blocks only this vendor knows.
    if (typeof own?.['block'] === 'object' && own['block'] !== null) return [own['block'] as Fields];
    warnings.unsupported('custom content in a tool result', 'It is another vendor’s.');
    return [];
  });
}
