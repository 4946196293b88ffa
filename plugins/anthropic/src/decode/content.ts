/** Blocks that arrive whole, as content: tool calls, results of tools the vendor ran, and what only the vendor understands. */
import type { ContentPart, Json, JsonObject, ProviderData } from '@modelport/plugin-api';
import type { WireBlock } from '../wire.ts';

/** Whether the vendor ran the tool itself: `server_tool_use`, `mcp_tool_use`, and their like. */
export function isVendorCall(type: string): boolean {
  return type.endsWith('_tool_use');
}

/** Whether the block is what such a tool answered: `web_search_tool_result`, `code_execution_tool_result`, `mcp_tool_result`. */
export function isVendorResult(type: string): boolean {
  return type.endsWith('_tool_result');
}

/** Vendor data of a tool call, so that it goes back as it came; `undefined` = nothing beyond id, name and input. */
export function callMetadata(block: WireBlock, dialect: string): ProviderData | undefined {
  const { type, id: _, input: _input, name, caller, ...rest } = block;
  const own: Record<string, unknown> = isVendorCall(type) ? { type, name, ...rest } : rest;
  // Called by the model itself: what every call is unless a program calls it.
  if (caller !== undefined && caller !== null && caller.type !== 'direct') own['caller'] = caller;
  for (const [key, value] of Object.entries(own)) if (value === null || value === undefined) delete own[key];
  return Object.keys(own).length === 0 ? undefined : { [dialect]: own as JsonObject };
}

/** The result of a tool the vendor ran. `toolName` is that of its call, where it was seen. */
export function toVendorResult(block: WireBlock, toolName: string | undefined, dialect: string): ContentPart {
  const { tool_use_id: toolCallId = '', content, ...rest } = block;
  const failed = rest['is_error'] === true || (content as { readonly type?: string } | null | undefined)?.type?.endsWith('_error') === true;
  return {
    type: 'tool-result', toolCallId, toolName: toolName ?? block.type.replace(/_tool_result$/, ''), providerExecuted: true,
    output: { type: failed ? 'error-json' : 'json', value: (content ?? null) as Json }, providerMetadata: { [dialect]: rest as JsonObject },
  };
}

/** A block the contract has no word for: an upload to a container, a compaction. It goes back verbatim. */
export function toCustom(block: WireBlock, dialect: string): ContentPart {
  return { type: 'custom', kind: `${dialect}.${block.type}`, providerMetadata: { [dialect]: { block: block as JsonObject } } };
}
