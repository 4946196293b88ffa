/** The settings of a request a script cannot honour, each with a warning: a setting is never dropped in silence. */
import type { ChatRequest, Warning } from '@modelport/plugin-api';

// Not listed because they hold: maxOutputTokens, stopSequences and seed (an answer is the same every time anyway).
// messages, tools, toolChoice, parallelToolCalls and responseFormat are what a script looks at; the default script obeys them.
const ignored: Readonly<Partial<Record<keyof ChatRequest, string>>> = {
  temperature: 'a script answers the same every time',
  topP: 'a script answers the same every time',
  topK: 'a script answers the same every time',
  presencePenalty: 'a script chooses its own words',
  frequencyPenalty: 'a script chooses its own words',
  logitBias: 'a script has no tokens to weigh',
  topLogprobs: 'a script has no probabilities to tell',
  reasoning: 'a script says itself how much it reasons',
  user: 'nothing is sent to a vendor',
  headers: 'nothing is sent over a network',
};

/** One `unsupported` warning for each setting that is present and has no effect here. */
export function warningsFor(request: ChatRequest): readonly Warning[] {
  return Object.entries(ignored)
    .filter(([feature]) => request[feature as keyof ChatRequest] !== undefined)
    .map(([feature, details]) => ({ type: 'unsupported', feature, details }));
}
