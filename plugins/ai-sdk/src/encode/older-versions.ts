/** Call options of v4 as those of v3 and v2: what the older version lacks is converted, left out with a warning, or refused. */
import { CallError } from '@modelport/plugin-api';
import type { Warning } from '@modelport/plugin-api';
import { fieldsOf, isFields, textOf, type Fields } from '../specification.ts';
import type { CallOptions } from './call-options.ts';
import { base64Of, type PromptMessage, type PromptPart } from './prompt.ts';

/** Options of v3: no reasoning effort, untagged file data, no `custom` and no `reasoning-file` parts. */
export function toVersion3(options: CallOptions, warnings: Warning[]): CallOptions {
  const { reasoning: _reasoning, ...rest } = options;
  return { ...rest, prompt: mapParts(options.prompt, (part) => toPart3(part, warnings)) };
}

/** Options of v2: provider tools have another tag, tools no `strict`, there are no approvals and no options on outputs. */
export function toVersion2(options: CallOptions, warnings: Warning[]): CallOptions {
  const tools = options.tools?.map((tool) => {
    if (tool.type === 'provider') return { ...tool, type: 'provider-defined' };
    const { strict: _strict, ...plain } = tool;
    return plain;
  });
  return { ...options, prompt: mapParts(options.prompt, (part) => toPart2(part, warnings)), ...(tools === undefined ? {} : { tools: tools as unknown as NonNullable<CallOptions['tools']> }) };
}

/** The same messages with other parts; a message that loses all its parts goes too. */
export function mapParts(prompt: readonly PromptMessage[], change: (part: PromptPart) => PromptPart | undefined): readonly PromptMessage[] {
  return prompt.flatMap((message) => {
    if (typeof message.content === 'string') return [message];
    const content = message.content.flatMap((part) => change(part) ?? []);
    return content.length === 0 && message.content.length > 0 ? [] : [{ ...message, content }];
  });
}

function toPart3(part: PromptPart, warnings: Warning[]): PromptPart | undefined {
  switch (part.type) {
    case 'file': return toFile3(part, warnings);
    case 'reasoning-file':
    case 'custom': return leftOut(part, warnings);
    case 'tool-result': return withOutput(part, (item) => toOutputItem3(item, warnings));
    default: return part;
  }
}

function toFile3(part: PromptPart, warnings: Warning[]): PromptPart {
  const data = fieldsOf(part['data']);
  if (data['type'] === 'url') return { ...part, data: data['url'] };
  if (data['type'] === 'data') return { ...part, data: data['data'] };
  if (data['type'] === 'text') {
    warnings.push({ type: 'compatibility', feature: 'file given as text', details: 'The package takes files as bytes or URLs only: the text is sent as text.' });
    const { providerOptions } = part;
    return { type: 'text', text: textOf(data['text']) ?? '', ...(providerOptions === undefined ? {} : { providerOptions }) };
  }
  throw new CallError('REQUEST_INVALID', 'A file in the request is a reference, which models of this version of the specification do not take: send its bytes or a URL.');
}

function leftOut(part: PromptPart, warnings: Warning[]): undefined {
  warnings.push({ type: 'unsupported', feature: `${part.type} parts in the history`, details: 'The version of the specification these models speak has none; it is left out.' });
}

/** Items of a tool's output were named by what they hold before v4. */
function toOutputItem3(item: Fields, warnings: Warning[]): object {
  if (item['type'] !== 'file') return item;
  const data = fieldsOf(item['data']);
  const mediaType = textOf(item['mediaType']) ?? 'application/octet-stream';
  const isImage = mediaType.startsWith('image/');
  if (data['type'] === 'url') return { type: isImage ? 'image-url' : 'file-url', url: String(data['url']) };
  if (data['type'] === 'data') return { type: isImage ? 'image-data' : 'file-data', data: base64Of(data['data']), mediaType, ...(item['filename'] === undefined ? {} : { filename: item['filename'] }) };
  if (data['type'] === 'reference') return { type: isImage ? 'image-file-id' : 'file-id', fileId: data['reference'] };
  warnings.push({ type: 'compatibility', feature: 'file given as text', details: 'It is sent as text.' });
  return { type: 'text', text: textOf(data['text']) ?? '' };
}

function toPart2(part: PromptPart, warnings: Warning[]): PromptPart | undefined {
  if (part.type === 'tool-approval-response') return leftOut(part, warnings);
  if (part.type !== 'tool-result') return part;
  const output = fieldsOf(part['output']);
  if (output['type'] === 'execution-denied') return { ...part, output: { type: 'error-text', value: textOf(output['reason']) ?? 'The tool was not allowed to run.' } };
  const { providerOptions: _options, ...plain } = output;
  return withOutput({ ...part, output: plain }, (item) => toOutputItem2(item, warnings));
}

function toOutputItem2(item: Fields, warnings: Warning[]): object {
  if (item['type'] === 'text') return { type: 'text', text: item['text'] };
  if (item['type'] === 'image-data' || item['type'] === 'file-data') return { type: 'media', data: item['data'], mediaType: item['mediaType'] };
  warnings.push({ type: 'unsupported', feature: `${String(item['type'])} in the output of a tool`, details: 'It is sent as a text that names it.' });
  return { type: 'text', text: textOf(item['url']) ?? `[${String(item['type'])}]` };
}

function withOutput(part: PromptPart, change: (item: Fields) => object): PromptPart {
  const output = fieldsOf(part['output']);
  const { value } = output;
  return output['type'] === 'content' && Array.isArray(value) ? { ...part, output: { ...output, value: value.filter(isFields).map(change) } } : part;
}
