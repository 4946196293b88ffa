/** Refuses a request that asks for what the model is known not to have; what is unknown is never taken for no. */
import type { Capability, ChatModel, ChatRequest, FilePart, ModelInfo } from '@modelport/plugin-api';
import { modelportError } from '../errors/modelport-error.ts';

/** Throws CAPABILITY_MISSING with the name of the capability and the configured models that have it, as `having` lists them. */
export function checkCapabilities(request: ChatRequest, info: ModelInfo, backend: string, having: (capability: Capability) => readonly string[]): void {
  const known = info.capabilities;
  if (!known || !Object.values(known).includes(false)) return;
  const missing = neededBy(request).find(([capability]) => known[capability] === false);
  if (!missing) return;
  const [capability, because] = missing;
  const others = having(capability);
  throw modelportError('CAPABILITY_MISSING', {
    text: `${info.id}@${backend} has not the capability "${capability}", but ${because}. ${others.length > 0 ? `Configured models that have it: ${others.join(', ')}.` : 'No configured model is known to have it.'}`,
    remedy: others[0] === undefined ? undefined : `Ask ${others[0]} instead.`,
  }, { backend, model: info.id, retryable: false });
}

/** What a request cannot do without. A setting that may be left out with a warning (seed, reasoning, parallel calls) is not among it. */
function neededBy(request: ChatRequest): [Capability, string][] {
  const needed: [Capability, string][] = [];
  if (request.tools && request.tools.length > 0) needed.push(['tools', 'it is offered tools']);
  if (request.toolChoice?.type === 'required' || request.toolChoice?.type === 'tool') needed.push(['tool-choice', 'a tool call is required of it']);
  if (request.responseFormat?.type === 'json') needed.push(request.responseFormat.schema ? ['json-schema', 'an answer by schema is asked for'] : ['json', 'a JSON answer is asked for']);
  if (request.messages.some(({ role }) => role === 'system')) needed.push(['system-message', 'there is a system message']);
  for (const { mediaType } of filesOf(request)) {
    const kind = mediaType.split('/')[0];
    needed.push(kind === 'image' ? ['image-input', 'an image is sent'] : kind === 'audio' ? ['audio-input', 'audio is sent'] : ['file-input', 'a file is sent']);
  }
  return needed;
}

/**
 * Throws REQUEST_INVALID for a file given as a URL that the vendor does not fetch itself: the plugin would have to, and the host does not
 * download for it.
 */
export function checkFileUrls(request: ChatRequest, { supportedUrls = {} }: ChatModel, model: string): void {
  for (const { mediaType, data } of filesOf(request)) {
    if (data.type !== 'url') continue;
    const url = data.url.toLowerCase();
    const fetched = Object.entries(supportedUrls).some(([type, patterns]) => covers(type, mediaType) && patterns.some((pattern) => new RegExp(pattern.source, pattern.flags.replaceAll(/[gy]/g, '')).test(url)));
    if (!fetched) {
      throw modelportError('REQUEST_INVALID', { text: `${model} does not fetch ${mediaType} files from that address (${originOf(data.url)}).`, remedy: 'Give the bytes: `data: { type: \'data\', data }`.' }, { retryable: false });
    }
  }
}

function filesOf(request: ChatRequest): FilePart[] {
  const files: FilePart[] = [];
  for (const message of request.messages) {
    if (message.role !== 'user') continue;
    for (const part of message.content) if (part.type === 'file') files.push(part);
  }
  return files;
}

function covers(type: string, mediaType: string): boolean {
  return type === '*' || type === '*/*' || type === mediaType || (type.endsWith('/*') && mediaType.startsWith(type.slice(0, -1)));
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : 'no valid URL';
}
