/** Tools and tool choice: the caller's own, and those the vendor knows by type. */
import type { ChatRequest, FunctionTool, JsonObject, ProviderTool, ToolChoice } from '@modelport/plugin-api';
import type { Fields, ToolNames, Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';
import { ownFields } from './own-data.ts';

/** What encoding tools depends on. */
export interface ToolContext {
  readonly dialect: string;
  readonly traits: ModelTraits;
  readonly names: ToolNames;
  readonly warnings: Warnings;
}

/** Encodes the request's tools; empty = none. Another vendor's become a warning. */
export function encodeTools(request: ChatRequest, context: ToolContext): Fields[] {
  const { dialect, names, warnings } = context;
  const own = (request.tools ?? []).filter((tool) => tool.type === 'function' || tool.id.startsWith(`${dialect}.`));
  for (const tool of request.tools ?? []) if (!own.includes(tool) && tool.type === 'provider') warnings.unsupported(`tool ${tool.id}`, 'It is another vendor’s tool.');
  // First those whose names are fixed, so that no tool of the caller takes one.
  for (const tool of own) if (tool.type === 'provider') fixName(tool, names);
  return own.map((tool) => (tool.type === 'function' ? functionTool(tool, context) : providerTool(tool, names)));
}

function functionTool(tool: FunctionTool, { dialect, names, traits, warnings }: ToolContext): Fields {
  if (tool.strict === true && !traits.nativeSchemas) warnings.unsupported('tools.strict', 'This model does not hold tools to their schema.');
  return {
    name: names.wire(tool.name), ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: { type: 'object', ...tool.inputSchema }, ...(tool.strict === undefined || !traits.nativeSchemas ? {} : { strict: tool.strict }),
    ...ownFields(tool.providerOptions, dialect),
  };
}

function providerTool(tool: ProviderTool, names: ToolNames): Fields {
  const type = typeOf(tool);
  return { type, ...(fixedName(type) === undefined ? {} : { name: names.wire(tool.name) }), ...tool.args };
}

function fixName(tool: ProviderTool, names: ToolNames): void {
  const name = fixedName(typeOf(tool));
  if (name === undefined) return;
  names.fix(tool.name, name);
  // The newer code execution answers under the names of its two halves.
  if (name === 'code_execution') for (const half of ['bash_code_execution', 'text_editor_code_execution']) names.answersAs(half, tool.name);
}

function typeOf(tool: ProviderTool): string {
  return tool.id.slice(tool.id.indexOf('.') + 1);
}

/** The vendor fixes the name of each of its tools; toolsets have none. Source: the tool types of the official client. */
function fixedName(type: string): string | undefined {
  if (/toolset/.test(type)) return undefined;
  if (type === 'text_editor_20241022' || type === 'text_editor_20250124') return 'str_replace_editor';
  if (type.startsWith('text_editor_')) return 'str_replace_based_edit_tool';
  const name = type.replace(/_\d{8}$/, '');
  return /^tool_search_(?!tool_)/.test(name) ? name.replace('tool_search_', 'tool_search_tool_') : name;
}

/** Encodes tool choice and parallel calls. Nothing to send where the request says nothing. */
export function encodeToolChoice(request: ChatRequest, hasTools: boolean, { names, traits, warnings }: ToolContext): JsonObject | undefined {
  const { toolChoice, parallelToolCalls } = request;
  if (!hasTools) {
    if (toolChoice !== undefined && toolChoice.type !== 'none') warnings.unsupported('toolChoice', 'The request has no tools.');
    if (parallelToolCalls !== undefined) warnings.unsupported('parallelToolCalls', 'The request has no tools.');
    return undefined;
  }
  if (toolChoice === undefined && parallelToolCalls === undefined) return undefined;
  if (toolChoice?.type === 'none') return { type: 'none' };
  const parallel = parallelToolCalls === undefined ? {} : { disable_parallel_tool_use: !parallelToolCalls };
  if (isForced(toolChoice) && !traits.forcedTools) {
    warnings.compatibility('toolChoice', 'This model cannot be made to call a tool: it decides itself.');
    return { type: 'auto', ...parallel };
  }
  if (toolChoice?.type === 'tool') return { type: 'tool', name: names.wire(toolChoice.toolName), ...parallel };
  return { type: toolChoice?.type === 'required' ? 'any' : 'auto', ...parallel };
}

/** Whether the model has to call a tool. */
export function isForced(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || choice?.type === 'tool';
}
