/** The program: reads the command line, runs one command, tells what went wrong, and ends with the exit code that fits. */
import { CommandError } from './command-error.ts';
import { FAILED, FINE, WRONG_USE } from './exit-codes.ts';
import { tellFailure } from './failure.ts';
import { Interruption } from './interruption.ts';
import { Output } from './output.ts';
import { commandPath, createProgram } from './program.ts';
import { Session } from './session.ts';

/** Runs the program on the words behind its name, and ends the process. */
export async function main(words: readonly string[]): Promise<void> {
  const interruption = new Interruption();
  const out = new Output(process.stdout, process.env, () => interruption.readerGone());
  const err = new Output(process.stderr, process.env);
  const session = new Session(out, err, interruption);
  process.on('uncaughtException', (error: unknown) => void crashed(error, words, session));
  const exitCode = await run(words, session).catch((error: unknown) => (interruption.exitCode === undefined ? tell(error, words, session) : interrupted(error, session)));
  await Promise.all([out.flush(), err.flush()]);
  // A plugin may have left something open; the work is done and the host is closed.
  process.exit(interruption.exitCode ?? exitCode);
}

async function run(words: readonly string[], session: Session): Promise<number> {
  let help = '';
  let complaint = '';
  const program = await createProgram(words, session, { writeOut: (text) => { help += text; }, writeErr: (text) => { complaint += text; } });
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    const { code, exitCode } = error as { readonly code?: string; readonly exitCode?: number };
    if (!code?.startsWith('commander.')) throw error;
    if (exitCode === 0) return session.out.write(help).then(() => FINE);
    // No command was named: what there is, is the answer; a script still sees that nothing was done.
    if (code === 'commander.help') return session.err.write(complaint).then(() => WRONG_USE);
    throw usage(error as Error, words);
  }
  return session.exitCode;
}

/** What the parser says, as an error of ours. */
function usage(error: Error, words: readonly string[]): CommandError {
  const [first = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const near = /Did you mean (?:one of )?(.+?)\?/.exec(more.join(' '))?.[1]?.split(', ') ?? [];
  const sentence = `${first.charAt(0).toUpperCase()}${first.slice(1)}${/[.!?]$/.test(first) ? '' : '.'}`.replaceAll("'", '"');
  return new CommandError('USAGE', near.length > 0 ? `${sentence} Did you mean ${near.map((name) => `"${name}"`).join(' or ')}?` : sentence, `\`${['modelport', ...commandPath(words), '--help'].join(' ')}\` shows what there is.`, { near });
}

/** Options were perhaps not read when parsing failed: then the words themselves tell how errors are wanted. */
function tell(error: unknown, words: readonly string[], { options, err }: Session): Promise<number> {
  return tellFailure(error, err, { json: options.json ?? words.includes('--json'), debug: options.debug ?? words.includes('--debug') });
}

/** Something threw where nobody could catch it, a plugin's timer for one: it is told like any error, and the program ends. */
async function crashed(thrown: unknown, words: readonly string[], session: Session): Promise<void> {
  const { message = String(thrown), stack = message } = (thrown ?? {}) as { readonly message?: string; readonly stack?: string };
  const told = new CommandError('CRASHED', session.redact(`An error was left unhandled: ${message}`), 'The plugin or program that the stack names is at fault: `--debug` shows it.');
  told.stack = session.redact(stack);
  const exitCode = await tell(told, words, session);
  await Promise.all([session.out.flush(), session.err.flush()]);
  process.exit(exitCode);
}

/** Whoever pressed Ctrl-C knows why the command ended: a word for a person, the error with what had arrived for a program. */
async function interrupted(error: unknown, { out, err, json, signal, options }: Session): Promise<number> {
  if (!json && !out.atLineStart) await out.line();
  // After SIGTERM nothing was aborted by hand: what did not finish in time ended with an error of its own.
  if (json || !signal.aborted) return tellFailure(error, err, { json, debug: options.debug === true });
  if (!out.closed) await err.line((signal.reason as Error).message);
  return FAILED;
}
