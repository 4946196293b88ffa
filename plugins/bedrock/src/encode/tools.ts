/** Tools and tool choice, and the stub a conversation with tool calls cannot do without. */
import type { Tool, ToolChoice as WireToolChoice } from '@aws-sdk/client-bedrock-runtime';
import type { ChatRequest, ToolChoice } from '@modelport/plugin-api';
import type { ToolNames, Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';
import { cachePointOf, DIALECT } from './own-data.ts';

/** What encoding tools depends on. */
export interface ToolContext {
  readonly traits: ModelTraits;
  readonly names: ToolNames;
  readonly warnings: Warnings;
}

/** Encodes the request's tools; empty = none, as where the request says that none may be called. Another vendor's become a warning. */
export function encodeTools({ tools = [], toolChoice }: ChatRequest, { traits, names, warnings }: ToolContext): Tool[] {
  const encoded: Tool[] = [];
  const isOwn = (id: string): boolean => id.startsWith(`${DIALECT}.`);
  // First those whose names are fixed, so that no tool of the caller takes one.
  for (const tool of tools) if (tool.type === 'provider' && isOwn(tool.id)) names.fix(tool.name, tool.id.slice(DIALECT.length + 1));
  for (const tool of tools) {
    if (tool.type === 'provider') {
      if (!isOwn(tool.id)) warnings.unsupported(`tool ${tool.id}`, 'It is another vendor’s tool.');
      else if (Object.keys(tool.args).length > 0) warnings.unsupported(`settings of tool ${tool.id}`, 'The Converse API takes only its name.');
      if (isOwn(tool.id)) encoded.push({ systemTool: { name: names.wire(tool.name) } });
      continue;
    }
    const { description, inputSchema, strict } = tool;
    if (strict === true && !traits.nativeSchemas) warnings.unsupported('tools.strict', 'This model is not known to hold tools to their schema.');
    encoded.push({
      toolSpec: {
        name: names.wire(tool.name), ...(description === undefined || description === '' ? {} : { description }), inputSchema: { json: { type: 'object', ...inputSchema } as never },
        ...(strict === undefined || !traits.nativeSchemas ? {} : { strict }),
      },
    });
    const cachePoint = cachePointOf(tool.providerOptions);
    if (cachePoint !== undefined) encoded.push({ cachePoint });
  }
  // The names stay known, for the history may hold calls of them.
  return toolChoice?.type === 'none' ? [] : encoded;
}

/** Encodes tool choice. Nothing to send where the request says nothing. */
export function encodeToolChoice({ toolChoice, parallelToolCalls }: ChatRequest, hasTools: boolean, { traits, names, warnings }: ToolContext): WireToolChoice | undefined {
  if (parallelToolCalls !== undefined) warnings.unsupported('parallelToolCalls', 'The Converse API has no such field: the model decides.');
  if (toolChoice === undefined || toolChoice.type === 'none') return undefined;
  if (!hasTools) {
    warnings.unsupported('toolChoice', 'The request has no tools.');
    return undefined;
  }
  if (isForced(toolChoice) && !traits.forcedTools) {
    warnings.compatibility('toolChoice', 'This model cannot be made to call a tool: it decides itself.');
    return undefined;
  }
  if (toolChoice.type === 'tool') return { tool: { name: names.wire(toolChoice.toolName) } };
  return toolChoice.type === 'required' ? { any: {} } : { auto: {} };
}

/** Whether the model has to call a tool. */
export function isForced(choice: ToolChoice | undefined): boolean {
  return choice?.type === 'required' || choice?.type === 'tool';
}

/** A tool that is there because the history holds tool calls, and is not meant to be called. */
export function stubTool(names: ToolNames, warnings: Warnings): Tool {
  warnings.compatibility('tools', 'The history holds tool calls, which the Converse API takes only beside tools: one was added that does nothing.');
  return { toolSpec: { name: names.free('no_tool_available'), description: 'Not available. Do not call it.', inputSchema: { json: { type: 'object', properties: {} } } } };
}
