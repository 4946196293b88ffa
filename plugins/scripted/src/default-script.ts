/** What the model does without a script: arithmetic through a calculator tool, and a plain word on what it is for anything else. */
import type { ChatRequest, Json, ToolOutput } from '@modelport/plugin-api';

import { expressionsIn } from './arithmetic.ts';
import type { Author } from './chat-model.ts';
import { isAssistant, isFailure, outputText } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import { minimalInstance } from './minimal-instance.ts';
import type { Step } from './script.ts';

/** The answer to everything that holds no arithmetic. */
export const INTRODUCTION =
  'I am the scripted demo model of Modelport: no language model, and I need no key. I follow a script, and the script can do arithmetic: '
  + 'ask me "What is 12 * (3 + 4)?". To talk to a real model, add a provider under `backends:` in the config and point an alias at it '
  + 'under `models:`, for example `default: some-model@some-backend`.';

/**
 * The default author. Arithmetic in the last user message goes to the calculator tool of the request (a function tool whose name holds
 * `calculat` and whose input has an `expression`), and the results are told in sentences. JSON requests get the smallest value that fits.
 */
export const defaultAuthor: Author = ({ request, conversation }) => ({ reply: stepsFor(request, conversation), groups: {} });

function stepsFor(request: ChatRequest, conversation: Conversation): readonly Step[] {
  const format = request.responseFormat;
  if (format?.type === 'json') return [{ json: format.schema === undefined ? { answer: INTRODUCTION } : minimalInstance(format.schema) }];

  const expressions = expressionsIn(conversation.lastUser);
  const unmet = unmetToolChoice(request, expressions.length > 0);
  if (expressions.length === 0) return [...unmet, { text: INTRODUCTION }];

  const results = resultsOf(conversation);
  const pending = expressions.filter((expression) => !results.has(expression));
  const calculator = calculatorIn(request);
  if (pending.length > 0 && calculator !== undefined) {
    const now = request.parallelToolCalls === false ? pending.slice(0, 1) : pending;
    return now.map((expression) => ({ toolCall: { name: calculator, input: { expression } } }));
  }
  const told = expressions.map((expression) => sentence(expression, results.get(expression)));
  return [...unmet, { text: told.join(' ') }];
}

/** The name of the calculator tool the request offers and allows. */
function calculatorIn(request: ChatRequest): string | undefined {
  const choice = request.toolChoice;
  if (choice?.type === 'none') return undefined;
  const calculator = request.tools?.find((tool) => tool.type === 'function' && isCalculator(tool.name) && takesExpression(tool.inputSchema['properties']));
  return choice?.type === 'tool' && choice.toolName !== calculator?.name ? undefined : calculator?.name;
}

function isCalculator(name: string): boolean {
  return name.toLowerCase().includes('calculat');
}

function takesExpression(properties: Json | undefined): boolean {
  return typeof properties === 'object' && properties !== null && Object.hasOwn(properties, 'expression');
}

/** A warning when a tool call was demanded and there is nothing to calculate or nobody to do it. */
function unmetToolChoice(request: ChatRequest, hasArithmetic: boolean): readonly Step[] {
  const demanded = request.toolChoice?.type === 'required' || request.toolChoice?.type === 'tool';
  if (!demanded || (hasArithmetic && calculatorIn(request) !== undefined)) return [];
  return [{ warning: { type: 'unsupported', feature: 'toolChoice', details: 'the default script calls nothing but a calculator, and only for arithmetic' } }];
}

/** What the calculator said since the last user message, by expression. */
function resultsOf({ sinceUser }: Conversation): ReadonlyMap<string, ToolOutput> {
  const calls = sinceUser.filter(isAssistant).flatMap((message) => message.content.filter((part) => part.type === 'tool-call'));
  const outputs = new Map(
    sinceUser.filter((message) => message.role === 'tool')
      .flatMap((message) => message.content.filter((part) => part.type === 'tool-result'))
      .map((part) => [part.toolCallId, part.output]),
  );
  const results = new Map<string, ToolOutput>();
  for (const call of calls) {
    const output = outputs.get(call.toolCallId);
    const expression = isCalculator(call.toolName) ? expressionOf(call.input) : undefined;
    if (output !== undefined && expression !== undefined) results.set(expression, output);
  }
  return results;
}

function expressionOf(input: string): string | undefined {
  try {
    const parsed = JSON.parse(input) as { readonly expression?: unknown } | null;
    return typeof parsed?.expression === 'string' ? parsed.expression : undefined;
  } catch {
    // Another model's broken call in the history: it has no result of ours.
    return undefined;
  }
}

function sentence(expression: string, output: ToolOutput | undefined): string {
  if (output === undefined) {
    return `I cannot compute ${expression}: I do not calculate in my head, and this request offers me no calculator tool.`;
  }
  const text = resultText(output);
  return isFailure(output) ? `The calculator could not compute ${expression}: ${withoutFullStop(text)}.` : `${expression} is ${withoutFullStop(text)}.`;
}

/** The result in words; of an object with a single value, such as `{"result": 42}`, that value. */
function resultText(output: ToolOutput): string {
  if (output.type === 'json' && typeof output.value === 'object' && output.value !== null) {
    const values = Object.values(output.value);
    if (values.length === 1 && typeof values[0] !== 'object') return String(values[0]);
  }
  return outputText(output);
}

function withoutFullStop(text: string): string {
  return text.trim().replace(/\.$/u, '');
}
