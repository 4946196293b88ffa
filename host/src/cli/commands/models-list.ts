/** `modelport models list`: aliases with their targets and the state behind each; with --live what every backend lists. */
import type { Host, HostDescription } from '@modelport/host';
import type { ModelInfo } from '@modelport/plugin-api';
import { stateCell } from '../backend-text.ts';
import { FAILED } from '../exit-codes.ts';
import { rememberModels } from '../known-models.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';
import { indented, tableLines, type Cell } from '../table.ts';

interface LiveList {
  readonly backend: string;
  readonly models?: readonly ModelInfo[];
  readonly error?: ReturnType<Session['errorJson']>;
}

export const define: Define = (command, session) => {
  command
    .option('--live', 'ask each backend that can list its models')
    .addHelpText('after', `
Examples:
  modelport models list
  modelport models list --live --json`)
    .action(async ({ live = false }: { readonly live?: boolean }) => {
      await session.withHost(async (host) => {
        const lists = live ? await listAll(host, session) : [];
        const description = await host.describe();
        if (live) await rememberModels(description.files, lists);
        if (session.json) await session.out.json({ aliases: aliasesOf(description), ...(live ? { backends: lists } : {}) });
        else await tell(description, lists, session);
        // One backend that is down does not spoil the list; all of them do.
        if (lists.length > 0 && lists.every(({ error }) => error !== undefined)) session.exitCode = FAILED;
      });
    });
};

/** Every alias with its targets and the state of the backend behind each. */
function aliasesOf({ models, backends }: HostDescription): readonly { readonly name: string; readonly targets: readonly { readonly spec: string; readonly backend: string; readonly state: string }[] }[] {
  const states = new Map(backends.map(({ name, state }) => [name, state]));
  return models.map(({ name, targets }) => ({
    name,
    targets: targets.map((spec) => {
      const backend = spec.slice(spec.lastIndexOf('@') + 1);
      return { spec, backend, state: states.get(backend) ?? 'removed' };
    }),
  }));
}

async function listAll(host: Host, session: Session): Promise<LiveList[]> {
  const { backends } = await host.describe();
  const able = backends.filter(({ provides, state }) => provides.includes('models') && state !== 'disabled');
  return Promise.all(able.map(async ({ name: backend }) => {
    try {
      return { backend, models: await host.listModels(backend, { signal: session.signal }) };
    } catch (error) {
      return { backend, error: session.errorJson(error) };
    }
  }));
}

async function tell(description: HostDescription, lists: readonly LiveList[], { out }: Session): Promise<void> {
  const { paint } = out;
  const aliases = aliasesOf(description);
  const rows = aliases.flatMap(({ name, targets }) => targets.map(({ spec, state }, index): readonly Cell[] => [
    { text: index === 0 ? name : '', paint: paint.bold },
    { text: index === 0 ? spec : `else ${spec}` },
    stateCell(state as Parameters<typeof stateCell>[0], paint),
  ]));
  if (rows.length > 0) await out.line(tableLines(['ALIAS', 'TARGET', 'BACKEND'], rows, paint.dim).join('\n'));
  else await out.line('The config has no aliases. Add one under `models:`, for example `default: MODEL@BACKEND`.');
  for (const { backend, models, error } of lists) {
    await out.line(`\n${paint.bold(backend)}`);
    if (error !== undefined) await out.line(indented(`${paint.red(error.code)}: ${error.message}\n${paint.cyan('fix')}: ${error.remedy}`));
    else if (models === undefined || models.length === 0) await out.line(indented(paint.dim('lists no models')));
    else await out.line(indented(tableLines([], models.map((info) => [`${info.id}@${backend}`, info.kind ?? '', { text: limitsText(info), paint: paint.dim }])).join('\n')));
  }
}

function limitsText({ limits, deprecated }: ModelInfo): string {
  return [limits?.contextTokens === undefined ? '' : `${limits.contextTokens} tokens of context`, deprecated === true ? 'deprecated' : ''].filter((text) => text !== '').join(', ');
}
