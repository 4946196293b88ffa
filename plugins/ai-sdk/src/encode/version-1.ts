/** Call options of v2 as those of v1: other names, and tools and output format inside a `mode`. */
import type { Warning } from '@modelport/plugin-api';
import { fieldsOf, textOf, type Fields } from '../specification.ts';
import type { CallOptions } from './call-options.ts';
import { mapParts } from './older-versions.ts';
import { base64Of, type PromptPart } from './prompt.ts';

/** The options of a v1 call. Source: LanguageModelV1CallOptions of @ai-sdk/provider 1. */
export function toVersion1(options: CallOptions, warnings: Warning[]): object {
  const { prompt, maxOutputTokens, tools, toolChoice, providerOptions, includeRawChunks: _raw, ...rest } = options;
  const mode = {
    type: 'regular',
    ...(tools === undefined ? {} : { tools: tools.map((tool) => (tool.type === 'function' ? toFunction(tool as unknown as Fields) : tool)) }),
    ...(toolChoice === undefined ? {} : { toolChoice }),
  };
  return {
    ...rest, mode, inputFormat: 'messages',
    prompt: mapParts(prompt, (part) => toPart(part, warnings)).map(renamed),
    ...(maxOutputTokens === undefined ? {} : { maxTokens: maxOutputTokens }), ...(providerOptions === undefined ? {} : { providerMetadata: providerOptions }),
  };
}

function toFunction({ name, description, inputSchema }: Fields): object {
  return { type: 'function', name, ...(description === undefined ? {} : { description }), parameters: inputSchema };
}

function toPart(part: PromptPart, warnings: Warning[]): PromptPart | undefined {
  switch (part.type) {
    case 'file': return renamed(toFile(part));
    case 'tool-call': {
      const { input, ...rest } = part;
      return renamed({ ...rest, type: 'tool-call', args: input });
    }
    case 'tool-result': return renamed(toResult(part, warnings));
    default: return renamed(part);
  }
}

function toFile({ mediaType, data, filename, providerOptions }: PromptPart): PromptPart {
  const carried = providerOptions === undefined ? {} : { providerOptions };
  if (textOf(mediaType)?.startsWith('image/') === true) return { type: 'image', image: typeof data === 'string' ? new Uint8Array(Buffer.from(data, 'base64')) : data, mimeType: mediaType, ...carried };
  return { type: 'file', data: data instanceof Uint8Array ? base64Of(data) : data, mimeType: mediaType, ...(filename === undefined ? {} : { filename }), ...carried };
}

function toResult({ output, ...part }: PromptPart, warnings: Warning[]): PromptPart {
  const { type, value } = fieldsOf(output);
  if (type === 'content') warnings.push({ type: 'compatibility', feature: 'content of a tool result', details: 'It is sent as JSON.' });
  return { ...part, type: 'tool-result', result: value, ...(type === 'error-text' || type === 'error-json' ? { isError: true } : {}) };
}

/** What is called provider options since v2 was provider metadata. */
function renamed<Owner extends { readonly providerOptions?: unknown }>({ providerOptions, ...rest }: Owner): Owner {
  return (providerOptions === undefined ? rest : { ...rest, providerMetadata: providerOptions }) as unknown as Owner;
}
