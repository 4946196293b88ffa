/** Which rule answers: the first whose conditions all hold. */
import type { Call, ChatRequest } from '@modelport/plugin-api';

import { isFailure, outputText } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { Match, Reply, Rule, Script, TextPattern } from './script.ts';

/** What a request looks like to a rule. */
export interface Situation {
  /** The request itself. */
  readonly request: ChatRequest;
  /** The request, read. */
  readonly conversation: Conversation;
  /** The model id that was asked for. */
  readonly modelId: string;
  /** The n-th request this model got, from 1. */
  readonly callNumber: number;
  /** The call, for its attempt. */
  readonly call: Call;
}

/** The reply that was chosen, and the groups of the pattern that chose it. */
export interface Choice {
  /** The reply. */
  readonly reply: Reply;
  /** Groups by number and by name. */
  readonly groups: Readonly<Record<string, string>>;
}

/** The reply of the first rule that matches; `undefined` when none does. */
export function choose(script: Script, situation: Situation): Choice | undefined {
  for (const rule of script) {
    const groups = groupsOf(conditionsOf(rule), situation);
    const reply = groups === undefined ? undefined : replyOf(rule, situation.conversation);
    if (groups !== undefined && reply !== undefined) return { reply, groups };
  }
  return undefined;
}

function conditionsOf(rule: Rule): Match {
  const { match } = rule;
  const conditions: Match = match === undefined ? {} : isPattern(match) ? { user: match } : match;
  const speaksOfTools = conditions.afterTool !== undefined || conditions.toolResult !== undefined || conditions.toolFailed !== undefined;
  // The user's message is still the last user message when a tool has answered: without this a rule would call its tool for ever.
  return conditions.user !== undefined && rule.reply !== undefined && !speaksOfTools ? { ...conditions, afterTool: false } : conditions;
}

function isPattern(match: TextPattern | Match): match is TextPattern {
  return typeof match === 'string' || 'regex' in match;
}

function replyOf(rule: Rule, conversation: Conversation): Reply | undefined {
  if (rule.turns === undefined) return rule.reply;
  const turn = conditionsOf(rule).user === undefined ? conversation.turn : conversation.turnSinceUser;
  return rule.turns[turn - 1];
}

/** The groups when every condition holds, `undefined` when one does not. */
function groupsOf(match: Match, situation: Situation): Record<string, string> | undefined {
  const { conversation, request } = situation;
  const holds = agrees(match.turn, conversation.turn)
    && agrees(match.call, situation.callNumber)
    && agrees(match.attempt, situation.call.attempt)
    && (match.offers === undefined || request.tools?.some((tool) => tool.name === match.offers) === true)
    && afterToolHolds(match, conversation);
  if (!holds) return undefined;

  const groups: Record<string, string> = {};
  const result = conversation.toolResults.at(-1);
  const texts: readonly (readonly [TextPattern | undefined, string | undefined])[] = [
    [match.model, situation.modelId],
    [match.system, conversation.system],
    [match.user, conversation.lastUser],
    [match.toolResult, result === undefined ? undefined : outputText(result.output)],
  ];
  for (const [pattern, text] of texts) {
    if (pattern === undefined) continue;
    const found = text === undefined ? undefined : find(pattern, text);
    if (found === undefined) return undefined;
    Object.assign(groups, found);
  }
  return groups;
}

function agrees(wanted: number | undefined, actual: number): boolean {
  return wanted === undefined || wanted === actual;
}

function afterToolHolds(match: Match, conversation: Conversation): boolean {
  const result = conversation.toolResults.at(-1);
  const { afterTool, toolFailed } = match;
  if (toolFailed !== undefined && (result === undefined || isFailure(result.output) !== toolFailed)) return false;
  if (afterTool === undefined) return true;
  if (typeof afterTool === 'boolean') return afterTool === (result !== undefined);
  return conversation.toolResults.some((part) => part.toolName === afterTool);
}

/** The groups of a pattern found in a text; of a string there are none. */
function find(pattern: TextPattern, text: string): Record<string, string> | undefined {
  if (typeof pattern === 'string') return text.toLowerCase().includes(pattern.toLowerCase()) ? {} : undefined;
  const found = new RegExp(pattern.regex, pattern.flags).exec(text);
  if (found === null) return undefined;
  const numbered = [...found].map((group: string | undefined, index) => [String(index), group ?? ''] as const);
  const named = Object.entries(found.groups ?? {}).map(([name, group]: [string, string | undefined]) => [name, group ?? ''] as const);
  return Object.fromEntries([...numbered, ...named]);
}
