/** `modelport demo`: the main job once, with no key: discover, check, inject, and a streamed answer that used a tool. */
import { fileURLToPath } from 'node:url';
import type { BackendDescription, Host } from '@modelport/host';
import { backendRow } from '../backend-text.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';
import { indented, tableLines } from '../table.ts';
import { toolCallText, toolOutputText } from '../tool-text.ts';

const DEFAULT_QUESTION = 'What is 6 * 7?';

/** Lies beside `dist` in the package, so it is there in a checkout and in an install. */
const DEMO_CONFIG = fileURLToPath(new URL('../../../demo/modelport.config.yaml', import.meta.url));

export const define: Define = (command, session) => {
  command
    .argument('[question...]', `what to ask; default: ${DEFAULT_QUESTION}`)
    .addHelpText('after', `
Examples:
  modelport demo
  modelport demo "What is 12 * (3 + 4)?"`)
    .action(async (words: readonly string[]) => {
      const question = words.join(' ').trim() || DEFAULT_QUESTION;
      await session.withHost((host) => (session.json ? runForJson(host, question, session) : run(host, question, session)), { config: session.options.config ?? DEMO_CONFIG });
    });
};

async function run(host: Host, question: string, session: Session): Promise<void> {
  const { out } = session;
  const { paint } = out;
  const before = await host.describe();
  await out.line(`${paint.bold('Config')}  ${before.files.map((file) => shortPath(file)).join(', ')}\n`);
  await out.line(paint.bold('Discovered and checked, before any plugin code ran'));
  await out.line(`${indented(tableLines([], before.backends.map((backend) => backendRow(backend, paint))).join('\n'))}\n`);

  const { dependenciesOf, nameOf } = await import('@modelport/host');
  const { DemoAssistant } = await import('../demo-assistant.ts');
  const assistant = host.container.resolve(DemoAssistant);
  const tools = await host.tools.list(session.signal);
  const target = before.models.find(({ name }) => name === 'default')?.targets.join(', then ') ?? '';
  const injected = dependenciesOf(DemoAssistant).map((dependency) => [
    nameOf(dependency), `-> ${DemoAssistant.name}`, nameOf(dependency) === 'tools' ? tools.map(({ name, owner }) => `${name} of ${owner}`).join(', ') : target,
  ]);
  await out.line(paint.bold('Injected'));
  await out.line(`${indented(tableLines([], injected).join('\n'))}\n`);

  await out.line(`${paint.cyan('>')} ${paint.bold(question)}`);
  for await (const event of assistant.answer(question, { signal: session.signal })) {
    if (event.type === 'part' && event.part.type === 'text-delta') await out.write(event.part.delta);
    if (event.type === 'tool-call' && !out.atLineStart) await out.line();
    if (event.type === 'tool-result') await out.line(paint.dim(`-> ${toolCallText(event.call)} = ${toolOutputText(event.output)}`));
    if (event.type !== 'answer') continue;
    const { model, backend, usage } = event.answer;
    await out.line(`\n\n${paint.dim(`${model}@${backend}, ${event.iteration} calls of the model, ${usage.outputTokens.total ?? 'unknown'} output tokens in the last. ${importsOf(await host.describe())}`)}`);
  }
}

function importsOf({ backends }: { readonly backends: readonly BackendDescription[] }): string {
  const imported = backends.filter(({ importMs }) => importMs !== undefined).map(({ plugin, importMs }) => `${plugin} in ${Math.round(importMs ?? 0)} ms`);
  return imported.length > 0 ? `Imported at first use: ${imported.join(', ')}.` : '';
}

async function runForJson(host: Host, question: string, session: Session): Promise<void> {
  const { DemoAssistant } = await import('../demo-assistant.ts');
  const toolCalls: object[] = [];
  for await (const event of host.container.resolve(DemoAssistant).answer(question, { signal: session.signal })) {
    if (event.type === 'tool-result') toolCalls.push({ toolName: event.call.toolName, input: event.call.input, output: event.output });
    if (event.type !== 'answer') continue;
    const { text, model, backend, finishReason, usage } = event.answer;
    const { files, backends, tokens } = await host.describe();
    await session.out.json({ question, text, model, backend, finishReason, usage, toolCalls, files, backends, tokens });
  }
}
