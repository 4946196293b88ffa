/** The chat model that follows a script. */
import { CallError } from '@modelport/plugin-api';
import type { Call, ChatModel, ChatPart, ChatRequest } from '@modelport/plugin-api';

import { conversationOf } from './conversation.ts';
import { choose } from './match.ts';
import type { Choice, Situation } from './match.ts';
import { play } from './play.ts';
import type { Pace } from './play.ts';
import type { Script } from './script.ts';

/** Decides in code how to answer; `undefined` = no answer, which is a REQUEST_INVALID. */
export type Author = (situation: Situation) => Choice | undefined;

/** An author that follows a script. */
export function authorOf(script: Script): Author {
  return (situation) => choose(script, situation);
}

/** What a scripted chat model is made of. */
export interface ScriptedParts {
  /** Decides on the answers. */
  readonly author: Author;
  /** The id it answers for. */
  readonly modelId: string;
  /** How fast it streams. */
  readonly pace: Pace;
  /** Told of each request when its stream is first read. Default: nobody is. */
  readonly record?: (request: ChatRequest, call: Call) => void;
}

/**
 * A chat model that follows its author. Keeps the number of requests it got and nothing else. Its streams throw REQUEST_INVALID when no
 * rule matches, and what the script's faults say.
 */
export function scriptedChatModel({ author, modelId, pace, record }: ScriptedParts): ChatModel {
  let callNumber = 0;
  return {
    async *stream(request: ChatRequest, call: Call): AsyncGenerator<ChatPart | readonly ChatPart[]> {
      call.signal.throwIfAborted();
      callNumber += 1;
      record?.(request, call);
      const situation: Situation = { request, conversation: conversationOf(request), modelId, callNumber, call };
      const choice = author(situation);
      if (choice === undefined) throw unanswered(situation);
      yield* play(choice, situation, pace);
    },
  };
}

function unanswered({ conversation, callNumber }: Situation): CallError {
  const last = conversation.toolResults.at(-1);
  const what = last === undefined ? `the message ${JSON.stringify(shortened(conversation.lastUser))}` : `the result of the tool '${last.toolName}'`;
  return new CallError(
    'REQUEST_INVALID',
    `no rule of the script answers ${what} (request ${callNumber} to this model, turn ${conversation.turn}); a last rule without match answers everything`,
    { retryable: false },
  );
}

function shortened(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}…` : text;
}
