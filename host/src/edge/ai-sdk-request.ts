/** Call options of the AI SDK's specification, v4 or v3, as a request of the contract. */
import type { ChatRequest, ContentPart, FileData, FilePart, JsonObject, Message, ProviderData, TextPart, ToolOutput } from '@modelport/plugin-api';
import { withoutAbsent, type Fields } from './ai-sdk-parts.ts';

/** Call options, as far as they are read. */
export interface AISDKCallOptions {
  readonly prompt: readonly Fields[];
  readonly abortSignal?: AbortSignal;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly includeRawChunks?: boolean;
  readonly reasoning?: string;
}

/** Settings both specifications and the contract have by the same name. */
const SETTINGS = ['maxOutputTokens', 'temperature', 'topP', 'topK', 'seed', 'presencePenalty', 'frequencyPenalty', 'stopSequences', 'responseFormat', 'tools', 'toolChoice', 'providerOptions'];

/** The request. `provider-default` as reasoning is the absence of one. */
export function toChatRequest(options: AISDKCallOptions): ChatRequest {
  const { prompt, headers, reasoning } = options;
  const settings = Object.fromEntries(SETTINGS.map((name) => [name, (options as unknown as Fields)[name]]));
  // The SDK says `auto` where there is nothing to choose.
  if (!Array.isArray(settings['tools']) || settings['tools'].length === 0) delete settings['toolChoice'];
  if (Array.isArray(settings['tools'])) settings['tools'] = (settings['tools'] as readonly Fields[]).map(({ inputExamples: _examples, ...tool }) => withoutAbsent(tool));
  return withoutAbsent({
    ...settings, messages: prompt.map(toMessage), headers: headers === undefined ? undefined : withoutAbsent(headers), reasoning: reasoning === 'provider-default' ? undefined : reasoning,
  }) as ChatRequest;
}

function toMessage({ role, content, providerOptions }: Fields): Message {
  const parts = Array.isArray(content) ? (content as readonly Fields[]).map(toPart) : content;
  return { role, content: parts, ...carried(providerOptions) } as unknown as Message;
}

function toPart({ providerOptions, ...part }: Fields): ContentPart {
  const more = carried(providerOptions);
  switch (part['type']) {
    case 'file':
    case 'reasoning-file': return { ...withoutAbsent(part), data: toFileData(part['data']), ...more } as unknown as ContentPart;
    case 'tool-call': return { ...withoutAbsent(part), ...toInput(part), ...more } as unknown as ContentPart;
    case 'tool-result': return { ...withoutAbsent(part), output: toOutput(part['output'] as Fields), ...more } as unknown as ContentPart;
    default: return { ...withoutAbsent(part), ...more } as unknown as ContentPart;
  }
}

/** The SDK parses a call's input; what a model wrote is text. A text that is no JSON was never parsed. */
function toInput({ input }: Fields): { readonly input: string; readonly inputEncoding?: 'text' } {
  return typeof input === 'string' ? { input, inputEncoding: 'text' } : { input: JSON.stringify(input ?? {}) };
}

function toOutput({ providerOptions, ...output }: Fields): ToolOutput {
  const value = output['type'] === 'content' && Array.isArray(output['value']) ? { value: (output['value'] as readonly Fields[]).map(toOutputItem) } : {};
  return { ...withoutAbsent(output), ...value, ...carried(providerOptions) } as unknown as ToolOutput;
}

/** Items of a tool's output: text, tagged files (v4), or files named by what they hold (v3). */
function toOutputItem({ providerOptions, ...item }: Fields): TextPart | FilePart {
  const { type, data, mediaType, filename, url, fileId } = item;
  const more = carried(providerOptions);
  const file = (fileData: FileData, isImage: boolean): FilePart => ({ type: 'file', mediaType: typeof mediaType === 'string' ? mediaType : isImage ? 'image/*' : 'application/octet-stream', data: fileData, ...(typeof filename === 'string' ? { filename } : {}), ...more });
  switch (type) {
    case 'file': return file(toFileData(data), false);
    case 'file-data':
    case 'image-data':
    case 'media': return file({ type: 'data', data: data as string }, type === 'image-data');
    case 'file-url':
    case 'image-url': return file({ type: 'url', url: String(url) }, type === 'image-url');
    case 'file-id':
    case 'image-file-id': return file({ type: 'reference', reference: (typeof fileId === 'string' ? { openai: fileId } : fileId) as Readonly<Record<string, string>> }, type === 'image-file-id');
    default: return { ...withoutAbsent(item), ...more } as unknown as TextPart;
  }
}

/** File data: tagged in v4; bytes, base64 or a URL in v3. */
function toFileData(data: unknown): FileData {
  if (data instanceof URL) return { type: 'url', url: data.href };
  if (typeof data === 'string') return /^https?:/.test(data) ? { type: 'url', url: data } : { type: 'data', data };
  if (data instanceof Uint8Array) return { type: 'data', data };
  const tagged = data as Fields;
  return tagged['type'] === 'url' ? { type: 'url', url: String(tagged['url']) } : (data as FileData);
}

function carried(providerOptions: unknown): { readonly providerMetadata?: ProviderData } {
  return providerOptions === undefined ? {} : { providerMetadata: providerOptions as Readonly<Record<string, JsonObject>> };
}
