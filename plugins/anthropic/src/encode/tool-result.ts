/** What tools answered, as `tool_result` blocks. */
import type { Json, ToolOutput, ToolResultPart } from '@modelport/plugin-api';
import { toReadableOutput, toWireId, type Fields, type Warnings } from '@modelport/plugin-api/kit';
import { encodeFile } from './file.ts';
import { ownFields } from './own-data.ts';

/** Encodes the result of a tool on the caller's side. `toolset` is the vendor's toolset the call came from. */
export function encodeToolResult(part: ToolResultPart, toolset: Json | undefined, dialect: string, warnings: Warnings): Fields {
  const { output } = part;
  const failed = output.type === 'error-text' || output.type === 'error-json' || output.type === 'execution-denied';
  const content = output.type === 'content' ? encodeContent(output.value, dialect, warnings) : toReadableOutput(output).text;
  return {
    type: 'tool_result', tool_use_id: toWireId(part.toolCallId), ...(content.length === 0 ? {} : { content }),
    ...(failed ? { is_error: true } : {}), ...(toolset === undefined ? {} : { toolset_name: toolset }),
    ...ownFields(output.providerMetadata, dialect), ...ownFields(part.providerMetadata, dialect),
  };
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
