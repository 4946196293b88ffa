/** Takes out of a request what Groq answers with a 400, or what none of its models heeds; each is a warning. */
import type { Call, ChatRequest } from '@modelport/plugin-api';
import type { Adapting } from '@modelport/openai/compatible';

/** What Groq takes the place of 0 with, which it does not know. Source: https://console.groq.com/docs/openai, "Temperature". */
const SMALLEST_TEMPERATURE = 1e-8;

/** Fields of the contract that Groq lacks, and why. Source: the same page, and the field comments of groq-sdk. */
const LACKING = {
  logitBias: 'Groq refuses logit_bias.',
  topLogprobs: 'Groq refuses logprobs and top_logprobs.',
  topK: 'Groq has no top_k.',
  presencePenalty: 'No model of Groq heeds presence_penalty.',
  frequencyPenalty: 'No model of Groq heeds frequency_penalty.',
} as const;

/** The request and the call as Groq takes them. */
export function adaptRequest(asked: ChatRequest, call: Call, { warnings }: Adapting): { readonly request: ChatRequest; readonly call: Call } {
  const request: { -readonly [Name in keyof ChatRequest]: ChatRequest[Name] } = { ...asked };
  for (const [name, why] of Object.entries(LACKING) as [keyof typeof LACKING, string][]) {
    if (request[name] === undefined) continue;
    delete request[name];
    warnings.unsupported(name, why);
  }
  if (request.temperature === 0) {
    request.temperature = SMALLEST_TEMPERATURE;
    warnings.compatibility('temperature', 'Groq has no 0: 1e-8 is sent.');
  }
  // Tools Groq runs itself have a place of their own in the body.
  const tools = request.tools?.filter((tool) => tool.type === 'function' || !isHosted(tool.id));
  if (tools !== undefined) request.tools = tools;
  const { sessionId, metadata, ...rest } = call;
  if (sessionId !== undefined) warnings.unsupported('sessionId', 'Groq has no field for a session.');
  if (metadata !== undefined && Object.keys(metadata).length > 0) warnings.unsupported('metadata', 'Groq keeps none.');
  return { request, call: rest };
}

/** Whether a provider tool is one that Groq runs: `groq.browser_search`, `groq.code_interpreter`. */
export function isHosted(id: string): boolean {
  return id.startsWith('groq.') && id !== 'groq.custom';
}
