/** The tool `calculate`: what a model is told about it, and what happens when the model calls it. */
import { CallError } from '@modelport/plugin-api';
import type { Call, FunctionTool, ToolCallContext, ToolOutput, ToolSource } from '@modelport/plugin-api';

import { evaluate, KNOWN_FUNCTIONS, MAX_EXPRESSION_LENGTH } from './evaluate.ts';
import { formatNumber } from './format-number.ts';

/** The tool as models see it. It changes nothing anywhere, so a host may run it again after a crash. */
export const calculateTool = {
  type: 'function',
  name: 'calculate',
  description:
    'Evaluates one arithmetic expression and returns the number. Operators: + - * / % (remainder) ^ (power), parentheses. '
    + `Functions: ${KNOWN_FUNCTIONS.join(', ')}. Constants: pi, e. Write numbers without thousands separators.`,
  inputSchema: {
    type: 'object',
    properties: {
      expression: {
        type: 'string',
        description: 'The expression, for example "(2 + 3) * 4.5".',
        minLength: 1,
        maxLength: MAX_EXPRESSION_LENGTH,
      },
    },
    required: ['expression'],
    additionalProperties: false,
  },
  effects: 'none',
} as const satisfies FunctionTool & { readonly effects: 'none' };

/** A tool source with `calculate` alone. A wrong expression is an answer for the model (`error-text`), not a failure of the call. */
export function calculatorTools(): ToolSource {
  return {
    async *list(call: Call) {
      call.signal.throwIfAborted();
      yield calculateTool;
    },
    async execute(tool, call: ToolCallContext): Promise<ToolOutput> {
      call.signal.throwIfAborted();
      if (tool.toolName !== calculateTool.name) {
        throw new CallError('REQUEST_INVALID', `the calculator has one tool, '${calculateTool.name}'; '${tool.toolName}' was called`);
      }
      const expression = expressionOf(tool.input);
      if (expression === undefined) {
        return { type: 'error-text', value: 'the input must be an object with one string, as in {"expression": "6 * 7"}' };
      }
      const evaluation = evaluate(expression);
      return 'problem' in evaluation
        ? { type: 'error-text', value: evaluation.problem }
        : { type: 'text', value: formatNumber(evaluation.value) };
    },
  };
}

function expressionOf(input: unknown): string | undefined {
  if (typeof input !== 'object' || input === null || !('expression' in input)) return undefined;
  return typeof input.expression === 'string' ? input.expression : undefined;
}
