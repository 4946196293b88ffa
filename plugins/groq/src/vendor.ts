/** What Groq does otherwise than OpenAI, as hooks of the compatible wire. Source: https://console.groq.com/docs/openai and the types of groq-sdk. */
import type { CompatibleVendor } from '@modelport/openai/compatible';
import { adaptRequest } from './adapt-request.ts';
import { changeBody } from './change-body.ts';
import { errorCode, readError } from './error.ts';
import { readFacts } from './facts.ts';
import type { GroqOptions } from './options.ts';

/** The hooks of one backend. */
export function groqVendor(options: GroqOptions): CompatibleVendor {
  return {
    hosts: ['api.groq.com'],
    adapt: adaptRequest,
    changeBody: (body, request, _call, adapting) => { changeBody(body, request, adapting, options); },
    errorCode,
    readError,
    readFacts,
  };
}
