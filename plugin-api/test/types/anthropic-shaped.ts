/** A plugin for a vendor with server-sent events, tools and signed reasoning: it has to compile against the contract alone. */
import { CallError, definePlugin } from '@modelport/plugin-api';
import type { Call, ChatModel, ChatPart, ChatRequest, ModelInfo, PluginContext, StandardSchema } from '@modelport/plugin-api';
import { ToolCallCollector, readFailedResponse, readServerSentEvents, toCallError } from '@modelport/plugin-api/kit';

interface AcmeOptions {
  readonly baseUrl: string;
}

declare const AcmeOptionsSchema: StandardSchema<AcmeOptions>;

interface WireEvent {
  readonly type: string;
  readonly index?: number;
  readonly content_block?: { readonly type: string; readonly id?: string; readonly name?: string };
  readonly delta?: { readonly text?: string; readonly thinking?: string; readonly signature?: string; readonly partial_json?: string; readonly stop_reason?: string };
  readonly usage?: { readonly input_tokens?: number; readonly output_tokens?: number };
  readonly error?: { readonly type: string; readonly message: string };
}

class AcmeChatModel implements ChatModel {
  readonly supportedUrls = { 'image/*': [/^https:/] };
  private readonly modelId: string;
  private readonly context: PluginContext<AcmeOptions>;

  constructor(modelId: string, context: PluginContext<AcmeOptions>) {
    this.modelId = modelId;
    this.context = context;
  }

  async *stream(request: ChatRequest, call: Call): AsyncGenerator<readonly ChatPart[], void, undefined> {
    const response = await this.context.http.request({
      url: `${this.context.options.baseUrl}/v1/messages`,
      headers: { 'x-api-key': this.context.secret('apiKey').reveal(), ...request.headers },
      body: JSON.stringify({ model: this.modelId, max_tokens: request.maxOutputTokens ?? 4096, messages: request.messages, stream: true }),
    }, call);
    if (response.status !== 200) throw toCallError(await readFailedResponse(response, call.signal));
    yield [{ type: 'stream-start', warnings: request.seed === undefined ? [] : [{ type: 'unsupported', feature: 'seed' }] }];
    const tools = new ToolCallCollector();
    for await (const events of readServerSentEvents(response.body)) {
      const parts: ChatPart[] = [];
      for (const event of events) this.decode(JSON.parse(event.data) as WireEvent, tools, parts);
      if (parts.length > 0) yield parts;
    }
  }

  private decode(event: WireEvent, tools: ToolCallCollector, parts: ChatPart[]): void {
    const id = String(event.index);
    const { content_block: block, delta } = event;
    if (event.type === 'error') throw toCallError({ status: 200, body: event });
    if (event.type === 'ping') parts.push({ type: 'ping' });
    if (block?.type === 'tool_use') tools.add({ index: event.index, id: block.id, toolName: block.name }, parts);
    if (delta?.text !== undefined) parts.push({ type: 'text-delta', id, delta: delta.text });
    if (delta?.thinking !== undefined) parts.push({ type: 'reasoning-delta', id, delta: delta.thinking });
    if (delta?.signature !== undefined) {
      parts.push({ type: 'reasoning-delta', id, delta: '', providerMetadata: { acme: { signature: delta.signature } } });
    }
    if (delta?.partial_json !== undefined) tools.add({ index: event.index, input: delta.partial_json }, parts);
    if (event.type === 'content_block_stop') tools.end(event.index ?? -1, parts);
    if (delta?.stop_reason !== undefined) {
      parts.push({
        type: 'finish',
        finishReason: { unified: delta.stop_reason === 'tool_use' ? 'tool-calls' : 'stop', raw: delta.stop_reason },
        usage: { inputTokens: { total: event.usage?.input_tokens }, outputTokens: { total: event.usage?.output_tokens } },
      });
    }
  }
}

export default definePlugin({
  api: 1,
  options: AcmeOptionsSchema,
  start: (context) => ({
    chatModel: (id) => new AcmeChatModel(id, context),
    async *listModels(call): AsyncGenerator<ModelInfo, void, undefined> {
      const response = await context.http.request({ url: `${context.options.baseUrl}/v1/models` }, call);
      const { data } = (await response.json()) as { readonly data: readonly { readonly id: string }[] };
      for (const { id } of data) yield { id, kind: 'chat', capabilities: { tools: true } };
    },
    checkHealth: async (call) => {
      try {
        await context.http.request({ url: context.options.baseUrl }, call);
        return { status: 'healthy' };
      } catch (error) {
        return { status: 'unhealthy', reason: CallError.is(error) ? error.code : 'unknown' };
      }
    },
  }),
});
