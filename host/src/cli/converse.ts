/** A conversation at the terminal: a line is a question, and an edit of the config holds from the next line on. */
import { createInterface } from 'node:readline';
import type { Host } from '@modelport/host';
import type { Message } from '@modelport/plugin-api';
import { tellFailure } from './failure.ts';
import type { Session } from './session.ts';

/**
 * Asks the model line by line, with all that was said before, until the input ends. A question that fails is told and forgotten. Edits
 * and swaps are told between the lines; one that is no valid config is told by the host's own log.
 */
export async function converse(host: Host, model: string, system: string | undefined, session: Session): Promise<void> {
  const { out, err } = session;
  host.events.on('config:applied', () => void err.line(err.paint.dim(`config edited: ${model} is ${meaningOf(host, model)}`)));
  host.events.on('backend:swapped', ({ backend }) => void err.line(err.paint.dim(`backend ${backend} answers with its edited settings`)));
  const handle = host.models.get(model);
  const history: Message[] = [];
  const lines = createInterface({ input: process.stdin, ...(process.stdin.isTTY ? { output: process.stderr, prompt: '> ' } : {}), signal: session.signal });
  // A terminal in line mode keeps Ctrl-C to itself; here it is the signal it is everywhere else.
  lines.on('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  lines.prompt();
  for await (const line of lines) {
    if (line.trim() !== '') {
      const question: Message = { role: 'user', content: [{ type: 'text', text: line }] };
      try {
        const stream = handle.stream([...history, question], { signal: session.signal, ...(system === undefined ? {} : { instructions: system }) });
        for await (const text of stream.text) await out.write(text);
        const { message } = await stream.answer;
        history.push(question, message);
        await out.line();
      } catch (error) {
        if (session.signal.aborted) throw error;
        if (!out.atLineStart) await out.line();
        await tellFailure(error, err, { json: false, debug: session.options.debug === true });
      }
    }
    lines.prompt();
  }
}

/** What a name means now, in a few words; an edit may have taken it away. */
function meaningOf(host: Host, model: string): string {
  try {
    return host.models.get(model).describe().targets.map((target) => `${target.model}@${target.backend}`).join(', ');
  } catch (error) {
    return `gone: ${(error as Error).message}`;
  }
}
