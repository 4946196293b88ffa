/** How hard to think, in the form each generation of models takes it. */
import type { ChatRequest, JsonObject } from '@modelport/plugin-api';
import type { Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';

/** What a reasoning level becomes. */
export interface EncodedThinking {
  /** The field `thinking`. */
  readonly thinking?: JsonObject;
  /** The field `output_config.effort`. */
  readonly effort?: string;
}

/** Least budget the API takes. */
const MIN_BUDGET = 1024;

/** Share of max_tokens that may be thought, for models with a budget: what is thought counts towards max_tokens. */
const SHARE: Readonly<Record<string, number>> = { minimal: 0.05, low: 0.1, medium: 0.3, high: 0.6, xhigh: 0.8, max: 0.9 };

/** What else decides how thinking travels. */
export interface ThinkingContext {
  readonly traits: ModelTraits;
  readonly maxTokens: number;
  readonly display: 'summarized' | 'omitted' | undefined;
  /** Whether the model has to call a tool, which excludes thinking by a budget. */
  readonly forcedTool: boolean;
  readonly warnings: Warnings;
}

/** Encodes the reasoning level. */
export function encodeThinking({ reasoning }: ChatRequest, context: ThinkingContext): EncodedThinking {
  const { traits, warnings } = context;
  if (reasoning === undefined) return {};
  if (traits.thinking === 'none') {
    if (reasoning !== 'none') warnings.unsupported('reasoning', 'This model does not think, or the option thinking is "none".');
    return {};
  }
  if (reasoning === 'none') return withoutThinking(traits, warnings);
  const display = context.display === undefined ? {} : { display: context.display };
  if (traits.thinking === 'adaptive') return { thinking: { type: 'adaptive', ...display }, ...effortOf(reasoning, traits, warnings) };
  return byBudget(reasoning, display, context);
}

function withoutThinking(traits: ModelTraits, warnings: Warnings): EncodedThinking {
  switch (traits.thinkingOff) {
    case 'disabled':
      return { thinking: { type: 'disabled' } };
    case 'between_tools':
      warnings.compatibility('reasoning', 'This model still writes short notes between tool calls.');
      return { thinking: { type: 'between_tools' } };
    case 'never':
      warnings.compatibility('reasoning', 'This model always thinks: it was asked for its lowest effort.');
      return { effort: 'low' };
  }
}

function effortOf(reasoning: string, traits: ModelTraits, warnings: Warnings): EncodedThinking {
  if (traits.efforts.includes(reasoning)) return { effort: reasoning };
  const nearest = reasoning === 'minimal' ? 'low' : reasoning === 'xhigh' ? 'high' : undefined;
  if (nearest !== undefined) warnings.compatibility('reasoning', `This model has no "${reasoning}": "${nearest}" was asked.`);
  // A word of a later day is the vendor's to judge.
  return { effort: nearest ?? reasoning };
}

function byBudget(reasoning: string, display: JsonObject, { maxTokens, forcedTool, warnings }: ThinkingContext): EncodedThinking {
  if (forcedTool) {
    warnings.unsupported('reasoning', 'This model cannot think before a tool call it is made to do.');
    return {};
  }
  const share = SHARE[reasoning];
  if (share === undefined) {
    warnings.unsupported('reasoning', `No budget is known for "${reasoning}".`);
    return {};
  }
  if (maxTokens <= MIN_BUDGET) {
    warnings.unsupported('reasoning', `Thinking takes at least ${MIN_BUDGET} tokens, and maxOutputTokens allows ${maxTokens} in all.`);
    return {};
  }
  return { thinking: { type: 'enabled', budget_tokens: Math.max(MIN_BUDGET, Math.floor(maxTokens * share)), ...display } };
}
