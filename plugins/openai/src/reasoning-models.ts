/** Which models reason as OpenAI's do, and so refuse what older ones take. */
import type { OpenAIOptions } from './options.ts';

/** What is known of a model by its id. */
export interface ModelTraits {
  /** Refuses max_tokens, sampling settings and log probabilities; takes the developer role and reasoning effort. */
  readonly reasons: boolean;
  /** Refuses stop sequences (o3, o4). */
  readonly refusesStop: boolean;
  /** The field that carries maxOutputTokens in chat. */
  readonly maxTokensField: 'max_tokens' | 'max_completion_tokens';
  /** The role of system messages. */
  readonly systemRole: 'system' | 'developer';
}

/** Reads a model's traits off its id (`gpt-5-mini`, `openai/o3`, `ft:o4-mini:org`), or off the options where they name it. */
export function traitsOf(modelId: string, options: OpenAIOptions): ModelTraits {
  const name = modelId.slice(modelId.lastIndexOf('/') + 1).replace(/^ft:/, '');
  const newTokenField = /^(o[134](-|:|$)|gpt-5)/.test(name);
  // gpt-5-chat is the one of its family that does not reason.
  const reasons = options.reasoningModels === 'auto' ? newTokenField && !/^gpt-5[\d.]*-chat/.test(name) : options.reasoningModels.includes(modelId);
  const { maxTokensParameter } = options;
  const chosen = typeof maxTokensParameter === 'string' ? maxTokensParameter : (maxTokensParameter[modelId] ?? 'auto');
  return {
    reasons,
    refusesStop: reasons && /^o[34]/.test(name),
    maxTokensField: chosen === 'auto' ? (newTokenField || reasons ? 'max_completion_tokens' : 'max_tokens') : chosen,
    systemRole: options.systemRole === 'auto' ? (reasons ? 'developer' : 'system') : options.systemRole,
  };
}
