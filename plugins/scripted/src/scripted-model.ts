/** A model for tests, in one line: `script(['Hello.'])`. */
import type { Call, ChatModel, ChatRequest } from '@modelport/plugin-api';

import { authorOf, scriptedChatModel } from './chat-model.ts';
import type { Author } from './chat-model.ts';
import type { Pace } from './play.ts';
import type { Reply, Rule, Script } from './script.ts';
import { parseScript } from './script-schema.ts';

/** A chat model of the contract that also shows what it was asked. */
export interface ScriptedModel extends ChatModel {
  /** The requests it got, oldest first; a request is noted when its stream is first read. */
  readonly requests: readonly ChatRequest[];
  /** The calls of those requests, in the same order. */
  readonly calls: readonly Call[];
}

/** What a test may set beside the script. */
export interface ScriptedModelOptions extends Partial<Pace> {
  /** The model id it answers for. Default `scripted`. */
  readonly modelId?: string;
}

/**
 * Makes a chat model from a script. A bare reply among the rules (a string or a list of steps) answers one request: the first the first
 * request, the second the second, whatever they ask; rules stand for every request they match. Instead of a list, a function may choose
 * the reply for each request. Throws an Error that lists every mistake in the script.
 */
export function script(
  answers: readonly (Rule | Reply)[] | ((request: ChatRequest, call: Call) => Reply),
  { modelId = 'scripted', chunkWords = 1, chunkDelayMs = 0 }: ScriptedModelOptions = {},
): ScriptedModel {
  const requests: ChatRequest[] = [];
  const calls: Call[] = [];
  const author: Author = typeof answers === 'function'
    ? ({ request, call }) => ({ reply: answers(request, call), groups: {} })
    : authorOf(scriptOf(answers));
  const model = scriptedChatModel({
    author,
    modelId,
    pace: { chunkWords, chunkDelayMs },
    record: (request, call) => {
      requests.push(request);
      calls.push(call);
    },
  });
  return { ...model, requests, calls };
}

function scriptOf(answers: readonly (Rule | Reply)[]): Script {
  let count = 0;
  const rules = answers.map((answer): Rule => {
    if (!isReply(answer)) return answer;
    count += 1;
    return { match: { call: count }, reply: answer };
  });
  return parseScript(rules, 'the argument of script()');
}

function isReply(answer: Rule | Reply): answer is Reply {
  return typeof answer === 'string' || Array.isArray(answer);
}
