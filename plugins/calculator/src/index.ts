/** The plugin `@modelport/calculator`: one tool, `calculate`, for the arithmetic a model should not do in its head. */
import { definePlugin } from '@modelport/plugin-api';
import type { Plugin } from '@modelport/plugin-api';

import { calculatorTools } from './calculate-tool.ts';

/** The plugin the host loads; it takes no options and needs no secret. */
const calculator: Plugin = definePlugin({
  api: 1,
  start: () => ({ tools: calculatorTools() }),
});

export default calculator;
export { calculateTool } from './calculate-tool.ts';
export { evaluate, MAX_EXPRESSION_LENGTH } from './evaluate.ts';
export type { Evaluation } from './evaluate.ts';
