import { definePlugin } from '@modelport/plugin-api';
import type { Call, ChatPart, ChatRequest, PluginContext } from '@modelport/plugin-api';
import { parseJson, readFailedResponse, readServerSentEvents, toCallError } from '@modelport/plugin-api/kit';

interface AcmeEvent {
  readonly text?: string;
  readonly stop?: string;
  readonly tokens?: { readonly in?: number; readonly out?: number };
}

async function* stream(context: PluginContext, model: string, request: ChatRequest, call: Call): AsyncGenerator<readonly ChatPart[]> {
  const response = await context.http.request({
    url: 'https://api.acme.example/v1/chat',
    headers: { authorization: `Bearer ${context.secret('apiKey').reveal()}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model, messages: request.messages, temperature: request.temperature }),
  }, call);
  if (response.status !== 200) throw toCallError(await readFailedResponse(response, call.signal));
  if (request.seed !== undefined) yield [{ type: 'warning', warning: { type: 'unsupported', feature: 'seed' } }];
  for await (const events of readServerSentEvents(response.body)) {
    const parts: ChatPart[] = [];
    for (const event of events) {
      const { text, stop, tokens } = parseJson(event.data) as AcmeEvent;
      if (text !== undefined) parts.push({ type: 'text-delta', id: '0', delta: text });
      if (stop !== undefined) {
        parts.push({
          type: 'finish',
          finishReason: { unified: stop === 'max_tokens' ? 'length' : 'stop', raw: stop },
          usage: { inputTokens: { total: tokens?.in }, outputTokens: { total: tokens?.out } },
        });
      }
    }
    if (parts.length > 0) yield parts;
  }
}

export default definePlugin({
  api: 1,
  start: (context) => ({
    chatModel: (id) => ({ stream: (request, call) => stream(context, id, request, call) }),
  }),
});
