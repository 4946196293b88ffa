/** A turn as OpenAI's Responses API says it, streamed and whole. Source: the API reference and the official client's types. */
import { CREATED, type ChatWireRequest } from './chat-wire.ts';
import { deltasOf, wholeOf, type Turn } from './turn.ts';

type Item = Record<string, unknown>;

/** The whole response object. */
export function toResponse(turn: Turn, request: ChatWireRequest, number: number): Item {
  const length = turn.finishReason === 'length';
  const filtered = turn.finishReason === 'content_filter';
  return {
    ...headOf(turn, request, number), status: length || filtered ? 'incomplete' : 'completed',
    incomplete_details: length ? { reason: 'max_output_tokens' } : filtered ? { reason: 'content_filter' } : null,
    output: itemsOf(turn, number),
    ...(turn.usage === null ? {} : { usage: usageOf(turn) }),
  };
}

/** The events of a streamed response. */
export function toResponseEvents(turn: Turn, request: ChatWireRequest, number: number): object[] {
  const events: Item[] = [];
  const add = (type: string, fields: Item): void => {
    events.push({ type, sequence_number: events.length, ...fields });
  };
  const head = { ...headOf(turn, request, number), status: 'in_progress', output: [] };
  add('response.created', { response: head });
  add('response.in_progress', { response: head });
  for (const [index, item] of itemsOf(turn, number).entries()) {
    const place = { item_id: item['id'], output_index: index };
    add('response.output_item.added', { output_index: index, item: { ...item, status: 'in_progress', ...emptied[String(item['type'])] } });
    if (item['type'] === 'reasoning') addReasoning(turn, place, add);
    else if (item['type'] === 'message') addMessage(turn, place, item, add);
    else addInput(turn, place, item, add);
    add('response.output_item.done', { output_index: index, item });
  }
  const response = toResponse(turn, request, number);
  if (turn.finishReason !== null) add(`response.${String(response['status'])}`, { response });
  return events;
}

const emptied: Readonly<Record<string, Item>> = { reasoning: { summary: [] }, message: { content: [] }, function_call: { arguments: '' } };

type Add = (type: string, fields: Item) => void;

function addReasoning(turn: Turn, place: Item, add: Add): void {
  if (turn.reasoning === undefined) return;
  const summary = { ...place, summary_index: 0 };
  add('response.reasoning_summary_part.added', { ...summary, part: { type: 'summary_text', text: '' } });
  for (const delta of deltasOf(turn.reasoning)) add('response.reasoning_summary_text.delta', { ...summary, delta });
  add('response.reasoning_summary_text.done', { ...summary, text: wholeOf(turn.reasoning) });
  add('response.reasoning_summary_part.done', { ...summary, part: { type: 'summary_text', text: wholeOf(turn.reasoning) } });
}

function addMessage(turn: Turn, place: Item, item: Item, add: Add): void {
  for (const [index, part] of (item['content'] as Item[]).entries()) {
    const content = { ...place, content_index: index };
    const isRefusal = part['type'] === 'refusal';
    add('response.content_part.added', { ...content, part: isRefusal ? { type: 'refusal', refusal: '' } : { type: 'output_text', text: '', annotations: [], logprobs: [] } });
    if (isRefusal) {
      for (const delta of deltasOf(turn.refusal)) add('response.refusal.delta', { ...content, delta });
      add('response.refusal.done', { ...content, refusal: part['refusal'] });
    } else {
      for (const delta of deltasOf(turn.text)) add('response.output_text.delta', { ...content, delta, logprobs: [] });
      for (const [number, annotation] of (part['annotations'] as Item[]).entries()) add('response.output_text.annotation.added', { ...content, annotation_index: number, annotation });
      add('response.output_text.done', { ...content, text: part['text'], logprobs: [] });
    }
    add('response.content_part.done', { ...content, part });
  }
}

function addInput(turn: Turn, place: Item, item: Item, add: Add): void {
  const call = turn.toolCalls?.find((candidate, index) => item['call_id'] === (candidate.id ?? callId(String(item['id']), index)));
  for (const delta of deltasOf(call?.arguments)) add('response.function_call_arguments.delta', { ...place, delta });
  add('response.function_call_arguments.done', { ...place, arguments: item['arguments'] });
}

function itemsOf(turn: Turn, number: number): Item[] {
  const items: Item[] = [];
  if (turn.reasoning !== undefined || turn.encryptedReasoning !== undefined) {
    items.push({
      type: 'reasoning', id: `rs_${number}`, summary: turn.reasoning === undefined ? [] : [{ type: 'summary_text', text: wholeOf(turn.reasoning) }],
      ...(turn.encryptedReasoning === undefined ? {} : { encrypted_content: turn.encryptedReasoning }),
    });
  }
  const content: Item[] = [];
  if (turn.text !== undefined) content.push({ type: 'output_text', text: wholeOf(turn.text), annotations: annotationsOf(turn), logprobs: [] });
  if (turn.refusal !== undefined) content.push({ type: 'refusal', refusal: wholeOf(turn.refusal) });
  if (content.length > 0) items.push({ type: 'message', id: `msg_${number}`, status: 'completed', role: 'assistant', content });
  for (const [index, call] of (turn.toolCalls ?? []).entries()) {
    const id = `fc_${number}_${index}`;
    items.push({ type: 'function_call', id, call_id: call.id ?? callId(id, index), name: call.name, arguments: wholeOf(call.arguments), status: 'completed' });
  }
  return items;
}

function callId(itemId: string, index: number): string {
  return `call_${itemId.split('_')[1] ?? ''}_${index}`;
}

function headOf(turn: Turn, request: ChatWireRequest, number: number): Item {
  return {
    id: `resp_${number}`, object: 'response', created_at: CREATED, model: turn.model ?? request.model ?? 'scripted', error: null,
    incomplete_details: null, instructions: null, metadata: {}, parallel_tool_calls: true, temperature: 1, top_p: 1, tool_choice: 'auto', tools: [],
    service_tier: 'default',
  };
}

function annotationsOf(turn: Turn): Item[] {
  const end = wholeOf(turn.text).length;
  return (turn.citations ?? []).map(({ url, title }) => ({ type: 'url_citation', url, title, start_index: 0, end_index: end }));
}

function usageOf({ usage }: Turn): Item {
  const { input, output, cached = 0, reasoning = 0 } = usage ?? { input: 11, output: 7 };
  return {
    input_tokens: input, output_tokens: output, total_tokens: input + output,
    input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 }, output_tokens_details: { reasoning_tokens: reasoning },
  };
}
