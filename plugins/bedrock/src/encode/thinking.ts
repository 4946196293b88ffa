/** How hard to think, in the form each maker's models take it. */
import type { ChatRequest, JsonObject } from '@modelport/plugin-api';
import type { Warnings } from '@modelport/plugin-api/kit';
import type { ModelTraits } from '../model-traits.ts';

/** What a reasoning level becomes. */
export interface EncodedThinking {
  /** Fields of the model's own. */
  readonly fields?: JsonObject;
  /** The field `outputConfig.effort`. */
  readonly effort?: string;
  /** Whether the model thinks in a way that excludes sampling settings. */
  readonly thinks?: boolean;
}

/** Least budget Claude takes. */
const MIN_BUDGET = 1024;

/** Share of the answer's limit that may be thought, for models with a budget: what is thought counts towards the limit. */
const SHARE: Readonly<Record<string, number>> = { minimal: 0.05, low: 0.1, medium: 0.3, high: 0.6, xhigh: 0.8, max: 0.9 };

/** Levels of OpenAI's and Amazon's models. */
const THREE_LEVELS: Readonly<Record<string, string>> = { minimal: 'low', low: 'low', medium: 'medium', high: 'high', xhigh: 'high', max: 'high' };

/** Encodes the reasoning level. `forcedTool` = the model has to call a tool, which excludes thinking by a budget. */
export function encodeThinking({ reasoning, maxOutputTokens }: ChatRequest, traits: ModelTraits, forcedTool: boolean, warnings: Warnings): EncodedThinking {
  if (reasoning === undefined) return {};
  if (reasoning === 'none') return withoutThinking(traits, warnings);
  switch (traits.thinking) {
    case 'adaptive':
      return { fields: { thinking: { type: 'adaptive' } }, effort: effortOf(reasoning, warnings), thinks: true };
    case 'budget':
      return byBudget(reasoning, maxOutputTokens ?? traits.maxOutputTokens, forcedTool, warnings);
    case 'effort':
      return { fields: { reasoning_effort: levelOf(reasoning, warnings) } };
    case 'nova':
      return { fields: { reasoningConfig: { type: 'enabled', maxReasoningEffort: levelOf(reasoning, warnings) } } };
    case 'none':
      warnings.unsupported('reasoning', 'This model does not think, or not as it is told.');
      return {};
    case 'unknown':
      warnings.unsupported('reasoning', 'It is not known how this model is told to think: its own fields go into providerOptions.bedrock.');
      return {};
  }
}

function withoutThinking({ thinking, thinkingOff }: ModelTraits, warnings: Warnings): EncodedThinking {
  // A model that never thinks does what was asked, and Claude does not think unasked where it can be turned off.
  if (thinking === 'none' || thinking === 'budget') return {};
  if (thinking === 'nova') return { fields: { reasoningConfig: { type: 'disabled' } } };
  if (thinkingOff) return { fields: { thinking: { type: 'disabled' } } };
  if (thinking === 'adaptive') {
    warnings.compatibility('reasoning', 'This model always thinks: it was asked for its lowest effort.');
    return { effort: 'low', thinks: true };
  }
  if (thinking === 'effort') {
    warnings.compatibility('reasoning', 'This model always thinks: it was asked for its lowest effort.');
    return { fields: { reasoning_effort: 'low' } };
  }
  warnings.unsupported('reasoning', 'It is not known how this model is told not to think.');
  return {};
}

function effortOf(reasoning: string, warnings: Warnings): string {
  if (reasoning !== 'minimal') return reasoning;
  warnings.compatibility('reasoning', 'This model has no "minimal": "low" was asked.');
  return 'low';
}

function levelOf(reasoning: string, warnings: Warnings): string {
  const level = THREE_LEVELS[reasoning] ?? reasoning;
  if (level !== reasoning) warnings.compatibility('reasoning', `This model has no "${reasoning}": "${level}" was asked.`);
  return level;
}

function byBudget(reasoning: string, maxTokens: number, forcedTool: boolean, warnings: Warnings): EncodedThinking {
  const share = SHARE[reasoning];
  if (forcedTool) warnings.unsupported('reasoning', 'This model cannot think before a tool call it is made to do.');
  else if (share === undefined) warnings.unsupported('reasoning', `No budget is known for "${reasoning}".`);
  else if (maxTokens <= MIN_BUDGET) warnings.unsupported('reasoning', `Thinking takes at least ${MIN_BUDGET} tokens, and maxOutputTokens allows ${maxTokens} in all.`);
  else return { fields: { thinking: { type: 'enabled', budget_tokens: Math.max(MIN_BUDGET, Math.floor(maxTokens * share)) } }, thinks: true };
  return {};
}
