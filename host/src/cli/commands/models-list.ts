/** `modelport models list`: aliases with their targets and the state behind each; with --live what every backend lists; with filters what matches. */
import type { Host, HostDescription, ModelMatch, ModelQuery } from '@modelport/host';
import type { Capability, ModelInfo } from '@modelport/plugin-api';
import { CommandError } from '../command-error.ts';
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
    .option('--capability <names>', 'only models known to have these, divided by commas: tools, json-schema, image-input, reasoning, ...')
    .option('--max-price <usd>', 'only models that cost at most this for a million tokens, of input and of output')
    .option('--min-context <tokens>', 'only models whose window holds this many tokens')
    .option('--provider <name>', 'only models of this vendor or plugin')
    .option('--backend <name>', 'only models of this backend')
    .option('--kind <kind>', 'only chat, embedding or rerank models')
    .option('--available', 'only models of backends that serve or are ready to')
    .addHelpText('after', `
Examples:
  modelport models list
  modelport models list --live --json
  modelport models list --capability tools,image-input --max-price 2

With a filter it lists models, cheapest first, out of what is known: the catalogue, the config, and with --live what the backends say. A model
of which a wanted fact is unknown does not match.`)
    .action(async (options: ListFlags) => {
      const { live = false } = options;
      const query = queryOf(options);
      await session.withHost(async (host) => {
        const lists = live ? await listAll(host, session) : [];
        const description = await host.describe();
        if (live) await rememberModels(description.files, lists);
        if (query !== undefined) return tellMatches(await host.models.query(query), session);
        if (session.json) await session.out.json({ aliases: aliasesOf(description), ...(live ? { backends: lists } : {}) });
        else await tell(description, lists, session);
        // One backend that is down does not spoil the list; all of them do.
        if (lists.length > 0 && lists.every(({ error }) => error !== undefined)) session.exitCode = FAILED;
      });
    });
};

/** The options as commander gives them. */
interface ListFlags {
  readonly live?: boolean;
  readonly capability?: string;
  readonly maxPrice?: string;
  readonly minContext?: string;
  readonly provider?: string;
  readonly backend?: string;
  readonly kind?: string;
  readonly available?: boolean;
}

/** The filters as a query; `undefined` when there are none. Throws USAGE for a word that is no number. */
function queryOf({ live: _live, capability, maxPrice, minContext, ...rest }: ListFlags): ModelQuery | undefined {
  const number = (flag: string, text: string | undefined): number | undefined => {
    if (text === undefined) return undefined;
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0) throw new CommandError('USAGE', `${flag} takes a number, not "${text}".`, `Write for example \`${flag} ${flag === '--max-price' ? '2.5' : '100000'}\`.`);
    return value;
  };
  const maxUsdPerMillionTokens = number('--max-price', maxPrice);
  const minContextTokens = number('--min-context', minContext);
  const query: ModelQuery = {
    ...rest,
    ...(capability === undefined ? {} : { capability: capability.split(',').map((name) => name.trim()) as Capability[] }),
    ...(maxUsdPerMillionTokens === undefined ? {} : { maxUsdPerMillionTokens }),
    ...(minContextTokens === undefined ? {} : { minContextTokens }),
  };
  return Object.keys(query).length === 0 ? undefined : query;
}

async function tellMatches(matches: readonly ModelMatch[], { json, out }: Session): Promise<void> {
  if (json) return out.json({ models: matches });
  if (matches.length === 0) return out.line('No model is known to match. `--live` asks the backends first.');
  const rows = matches.map(({ spec, info, state }): readonly Cell[] => [
    { text: spec, paint: out.paint.bold }, { text: info.kind ?? '' }, { text: String(info.limits?.contextTokens ?? '') },
    { text: String(info.price?.inputUsdPerMillionTokens ?? '') }, { text: String(info.price?.outputUsdPerMillionTokens ?? '') }, { text: info.price?.asOf ?? '', paint: out.paint.dim },
    stateCell(state, out.paint),
  ]);
  await out.line(tableLines(['MODEL', 'KIND', 'CONTEXT', 'USD/M IN', 'USD/M OUT', 'AS OF', 'BACKEND'], rows, out.paint.dim).join('\n'));
}

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
