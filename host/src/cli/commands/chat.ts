/** `modelport chat`: asks a model, or an agent, and streams the answer. */
import type { Answer, Host, ToolCall } from '@modelport/host';
import type { ToolOutput, Usage } from '@modelport/plugin-api';
import { CommandError } from '../command-error.ts';
import { converse } from '../converse.ts';
import type { Define } from '../program.ts';
import { readPrompt } from '../prompt.ts';
import type { Session } from '../session.ts';
import { sumUsage } from '../sum-usage.ts';
import { toolCallText, toolOutputText } from '../tool-text.ts';

interface ChatFlags {
  readonly model?: string;
  readonly agent?: string;
  readonly system?: string;
  readonly interactive?: boolean;
}

/** A tool call of the answer, or one that the agent ran, then with its outcome. */
interface ToldToolCall extends Pick<ToolCall, 'toolCallId' | 'toolName' | 'input'> {
  readonly output?: ToolOutput;
}

interface Outcome {
  readonly answer: Answer;
  readonly toolCalls: readonly ToldToolCall[];
  readonly iterations: number;
  /** Of all calls together. */
  readonly usage: Usage;
}

export const define: Define = (command, session) => {
  command
    .argument('[prompt...]', 'the question; "-" stands for stdin, which is also read when no word is given')
    .option('-m, --model <spec>', 'alias, model@backend or backend/model; default: the alias "default"')
    .option('--agent <name>', 'let an agent of the config answer, with its model and tools')
    .option('-s, --system <text>', 'system message for this call')
    .option('-i, --interactive', 'a conversation: each line of the input is a question; edits of the config hold from the next one on')
    .addHelpText('after', `
Examples:
  modelport chat "Why is the sky blue?"
  modelport chat -m gpt-5-mini@openai "Why is the sky blue?"
  git diff | modelport chat "Write a commit message for this diff:" -
  modelport chat --json "Say hello." | jq -r .text
  modelport chat -i`)
    .action(async (words: readonly string[], flags: ChatFlags) => {
      if (flags.interactive === true) {
        if (words.length > 0 || session.json || flags.agent !== undefined) throw new CommandError('USAGE', '`--interactive` takes no prompt, no `--json` and no `--agent`.', 'Run `modelport chat -i`, and write the questions there.');
        await session.withHost((host) => converse(host, flags.model ?? defaultModel(host), flags.system, session), { watch: true });
        return;
      }
      const prompt = await readPrompt(words, 'chat', session.signal);
      await session.withHost(async (host) => {
        const outcome = await (flags.agent === undefined ? askModel(host, prompt, flags, session) : askAgent(host, prompt, flags.agent, session));
        if (session.json) await session.out.json(toJson(outcome, flags));
        else await tellEnd(outcome, session);
      });
    });
};

/** The alias `default`, or the only one there is. Throws USAGE where neither says which model is meant. */
function defaultModel(host: Host): string {
  const names = host.models.names();
  const [only] = names;
  if (names.includes('default')) return 'default';
  if (only !== undefined && names.length === 1) return only;
  throw new CommandError('USAGE', `Which model is meant? The config has no alias "default"${names.length > 0 ? `; it has ${names.join(', ')}` : ''}.`, 'Name one with `-m SPEC`, or add `models.default` to the config.', { aliases: names });
}

async function askModel(host: Host, prompt: string, { model, system }: ChatFlags, session: Session): Promise<Outcome> {
  const stream = host.models.get(model ?? defaultModel(host)).stream(prompt, { signal: session.signal, ...(system === undefined ? {} : { instructions: system }) });
  for await (const part of stream) {
    if (part.type === 'text-delta' && !session.json) await session.out.write(part.delta);
  }
  const answer = await stream.answer;
  return { answer, toolCalls: answer.toolCalls.map(toldCall), iterations: 1, usage: answer.usage };
}

async function askAgent(host: Host, prompt: string, name: string, session: Session): Promise<Outcome> {
  const { out, err } = session;
  const toolCalls: ToldToolCall[] = [];
  const usages: Usage[] = [];
  for await (const event of host.agents.get(name).stream(prompt, { signal: session.signal })) {
    if (event.type === 'tool-result') toolCalls.push({ ...toldCall(event.call), output: event.output });
    if (event.type === 'part' && event.part.type === 'finish') usages.push(event.part.usage);
    if (event.type === 'answer') return { answer: event.answer, toolCalls, iterations: event.iteration, usage: sumUsage(usages) ?? event.answer.usage };
    if (session.json) continue;
    if (event.type === 'part' && event.part.type === 'text-delta') await out.write(event.part.delta);
    if (event.type === 'tool-call' && !out.atLineStart) await out.line();
    if (event.type === 'tool-result') await err.line(err.paint.dim(`-> ${toolCallText(event.call)} = ${toolOutputText(event.output)}`));
  }
  throw new Error(`Agent "${name}" ended without an answer.`);
}

function toldCall({ toolCallId, toolName, input }: ToolCall): ToldToolCall {
  return { toolCallId, toolName, input };
}

/** What stdout's text alone does not say goes to stderr. */
async function tellEnd({ answer, toolCalls }: Outcome, session: Session): Promise<void> {
  if (!session.out.atLineStart) await session.out.line();
  const doubts = answer.warnings.map((warning) => ('message' in warning ? warning.message : `${warning.feature}: ${warning.details ?? 'not supported'}`));
  if (answer.finishReason.unified === 'length') doubts.push('the answer was cut at the limit of output tokens');
  if (answer.finishReason.unified === 'content-filter') doubts.push('the vendor\'s filter ended the answer');
  if (answer.text === '' && toolCalls.length === 0) doubts.push(`the answer is empty (finish reason ${answer.finishReason.unified})`);
  await session.warn(doubts);
}

function toJson({ answer, toolCalls, iterations, usage }: Outcome, { agent }: ChatFlags): object {
  const { text, model, backend, finishReason, warnings, attempts, callId } = answer;
  const { costUsd } = usage;
  return {
    text, model, backend, finishReason, usage, ...(costUsd === undefined ? {} : { costUsd }), warnings, attempts, callId, toolCalls,
    ...(agent === undefined ? {} : { agent, iterations }),
  };
}
