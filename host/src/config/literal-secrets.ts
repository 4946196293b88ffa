/** Keys that stand in the config itself, under `secrets` or where an option only looks like one. */
import type { ConfigProblem } from '../errors/config-problem.ts';
import { entriesOf, entryOf, problemAt, type ConfigPath, type LayerNode, type MapNode } from './layer-node.ts';
import { isOnlyReferences } from './interpolate.ts';

/** Sections whose entries have `secrets`, `options` and `headers`. */
const sections = ['backends', 'tools', 'presets'] as const;

/** Whether a name says that its value is a secret: `apiKey`, `access_token`, `X-Api-Key`, `clientSecret`, `authorization`; not `maxTokensParameter`. */
export function looksSecret(name: string): boolean {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z0-9]+/);
  // These words are of tokens that are counted.
  if (words.some((part) => /^(max|min|count|limit|parameter)$/.test(part))) return false;
  return words.some((part) => /^(keys?|tokens?|secrets?|passwords?|passwd|passphrase|apikeys?|authorization|credentials?|cookie)$/.test(part));
}

/** Tells literal secrets. `raw` is the tree before variables were filled in: `${OPENAI_API_KEY}` is no literal. */
export function findLiteralSecrets(raw: MapNode): ConfigProblem[] {
  const found: ConfigProblem[] = [];
  for (const section of sections) {
    for (const [name, entry] of entriesOf(entryOf(raw, section))) {
      for (const [secret, node] of entriesOf(entryOf(entry, 'secrets'))) {
        const literal = node.kind === 'map' ? entryOf(node, 'literal') : node;
        if (literal && isLiteral(literal)) {
          const path = node.kind === 'map' ? [section, name, 'secrets', secret, 'literal'] : [section, name, 'secrets', secret];
          found.push(problemAt('literal-secret', path, literal.origin, 'the secret stands in the config itself; `{ env: NAME }` or `{ file: PATH }` keeps it out'));
        }
      }
      for (const part of ['options', 'headers'] as const) lookInside(entryOf(entry, part), [section, name, part], found);
    }
  }
  return found;
}

function lookInside(node: LayerNode | undefined, path: ConfigPath, found: ConfigProblem[]): void {
  if (node?.kind === 'map') for (const [name, entry] of node.entries) lookInside(entry, [...path, name], found);
  else if (node?.kind === 'list') for (const [index, item] of node.items.entries()) lookInside(item, [...path, index], found);
  else if (node && isLiteral(node) && looksSecret(String(path.findLast((step) => typeof step === 'string')))) {
    found.push(problemAt('literal-secret', path, node.origin, 'this looks like a secret in plain text; secrets stand under `secrets`, where they are never shown'));
  }
}

/** What code hands over was had from somewhere else: only text of a file or a command line is told. */
function isLiteral(node: LayerNode): boolean {
  return node.origin.layer !== 'code' && node.kind === 'scalar' && typeof node.value === 'string' && node.value !== '' && !isOnlyReferences(node.value);
}
