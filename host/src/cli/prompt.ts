/** The prompt: the words of the command line, or what stands on stdin. */
import { addAbortSignal } from 'node:stream';
import { CommandError } from './command-error.ts';

/** Joins the words; a word `-` stands for stdin, and no words at all read stdin where it is not a terminal. Throws USAGE when there is no prompt. */
export async function readPrompt(words: readonly string[], command: string, signal: AbortSignal): Promise<string> {
  const fromStdin = words.includes('-') || (words.length === 0 && !process.stdin.isTTY);
  const piped = fromStdin ? await readStdin(signal) : '';
  const prompt = words.length === 0 ? piped : words.map((word) => (word === '-' ? piped : word)).join(' ');
  if (prompt.trim() === '') throw new CommandError('USAGE', 'There is no prompt.', `Write it behind the command, \`modelport ${command} "Why is the sky blue?"\`, or pipe it in.`);
  return prompt;
}

async function readStdin(signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of addAbortSignal(signal, process.stdin)) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8').replace(/\r?\n$/, '');
}
