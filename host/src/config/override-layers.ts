/** The two layers above every file: variables of the environment and `--set` flags. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { emptyMap, placeValue, problemAt, type LayerNode, type MapNode, type Origin } from './layer-node.ts';
import { mergeLayers } from './merge.ts';

/** Variables that set a value of the config. MODELPORT_CONFIG and MODELPORT_PROFILE choose files and profiles instead. */
export const settingVariables: Readonly<Record<string, readonly string[]>> = {
  MODELPORT_MODEL: ['models', 'default'],
  MODELPORT_STATE: ['state', 'folder'],
};

/** What MODELPORT_MODEL and MODELPORT_STATE set; an empty variable sets nothing. */
export function environmentLayer(environment: NodeJS.ProcessEnv): MapNode {
  let layer = emptyMap({ layer: 'environment' });
  for (const [name, path] of Object.entries(settingVariables)) {
    const value = environment[name];
    const origin: Origin = { layer: 'environment', name };
    if (value !== undefined && value !== '') layer = mergeLayers(layer, nested(path, { kind: 'scalar', value, origin, key: origin }, origin));
  }
  return layer;
}

/** What `--set path=value` flags set, later flags over earlier ones. A flag of another form is a problem. */
export async function flagLayer(flags: readonly string[], problems: ConfigProblem[]): Promise<MapNode> {
  let layer = emptyMap({ layer: 'flag' });
  for (const flag of flags) {
    const equals = endOfPath(flag);
    const path = equals < 0 ? undefined : parsePath(flag.slice(0, equals));
    // The value may be a key, so a flag is named by its path alone.
    const origin: Origin = { layer: 'flag', name: `--set ${equals < 0 ? flag.slice(0, 20) : flag.slice(0, equals)}` };
    if (path === undefined) {
      problems.push(problemAt('syntax', [], origin, 'expected `--set path=value`, such as `--set models.default=gpt-5@openai`; a key with a dot stands in double quotes'));
      continue;
    }
    const value = await parseFlagValue(flag.slice(equals + 1));
    layer = mergeLayers(layer, nested(path, placeValue(value, () => ({ origin, key: origin }), problems), origin));
  }
  return layer;
}

/** The value of a flag: a JSON or YAML scalar, a JSON list or map; everything else is text as it stands. */
async function parseFlagValue(text: string): Promise<unknown> {
  const { parseDocument, isScalar } = await import('yaml');
  const document = parseDocument(text, { prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) return text;
  if (/^\s*[[{]/.test(text)) return document.toJS() as unknown;
  if (text.trim() === '') return '';
  const plain = isScalar(document.contents) && document.commentBefore === null && document.comment === null && !document.contents.comment;
  return plain ? (document.toJS() as unknown) : text;
}

function nested(path: readonly string[], leaf: LayerNode, origin: Origin): MapNode {
  const [name, ...rest] = path as [string, ...string[]];
  return { kind: 'map', entries: new Map([[name, rest.length === 0 ? leaf : nested(rest, leaf, origin)]]), origin, key: origin };
}

/** The first `=` outside double quotes. */
function endOfPath(flag: string): number {
  let quoted = false;
  for (let index = 0; index < flag.length; index += 1) {
    if (flag[index] === '"') quoted = !quoted;
    else if (flag[index] === '=' && !quoted) return index;
  }
  return -1;
}

/** `backends.openai.models."gpt-4.1".price` as keys; undefined when it is no such path. */
export function parsePath(text: string): readonly string[] | undefined {
  const steps = [...text.matchAll(/(?:^|\.)(?:"([^"]*)"|([^."\s]+))/g)];
  if (steps.map(([whole]) => whole).join('') !== text || steps.length === 0) return undefined;
  return steps.map(([, quoted, plain]) => quoted ?? plain ?? '');
}
