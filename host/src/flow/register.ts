/** Step 5: what the config names gets its tokens in the container, each with an owner. */
import { agent, chatModel, Events, readToken, Tools } from '../container/tokens.ts';
import { Container } from '../container/container.ts';
import type { Token } from '../container/token.ts';
import { ModelportError } from '../errors/modelport-error.ts';
import type { Snapshot } from '../lifecycle/snapshot.ts';
import type { HostHandles } from '../lifecycle/host-handles.ts';

/** Makes the container of a host. A spec that no alias names (`gpt-5@openai`) is found when it is asked for. */
export function createContainer(handles: HostHandles): Container {
  const container = new Container(undefined, (token) => find(token, handles));
  container.register(Tools, { value: handles.tools }, { owner: 'the host' });
  container.register(Events, { value: handles.events }, { owner: 'the host' });
  return container;
}

/** What the host itself registered in a container, with the owner it gave: an application may have put its own in the place. */
const given = new WeakMap<Container, Map<string, string>>();

/** Registers the aliases and agents of a snapshot, and takes back those of the one before that are gone. What the application registered stays. */
export function registerSnapshot(container: Container, handles: HostHandles, snapshot: Snapshot): void {
  const wanted = tokensOf(snapshot, handles);
  const known = given.get(container) ?? new Map<string, string>();
  given.set(container, known);
  const owners = new Map(container.list().map(({ token, owner }) => [token, owner]));
  for (const [name, owner] of known) {
    if (wanted.has(name)) continue;
    known.delete(name);
    if (owners.get(name) === owner) container.unregister({ name });
  }
  for (const [name, { token, value, owner }] of wanted) {
    if (owners.has(name) && owners.get(name) !== known.get(name)) continue;
    // Registered again at each edit: its line in the file may have moved.
    container.register(token, { factory: value }, { owner, override: true });
    known.set(name, owner);
  }
}

interface Registration {
  readonly token: Token<unknown>;
  readonly value: () => unknown;
  readonly owner: string;
}

function tokensOf({ config, loaded }: Snapshot, handles: HostHandles): Map<string, Registration> {
  const owner = (path: readonly string[]): string => {
    const origin = loaded.origin(path);
    return `${path.join('.')}${origin?.file === undefined ? '' : ` (${origin.file}${origin.line === undefined ? '' : `:${origin.line}`})`}`;
  };
  const registrations: Registration[] = [
    ...Object.keys(config.models).map((name) => ({ token: chatModel(name), value: () => handles.models.get(name), owner: owner(['models', name]) })),
    ...Object.keys(config.agents).map((name) => ({ token: agent(name), value: () => handles.agents.get(name), owner: owner(['agents', name]) })),
  ];
  return new Map(registrations.map((registration) => [registration.token.name, registration]));
}

/** What a host token that nobody registered stands for; `undefined` for a name the host does not know either. */
function find(token: Token<unknown>, handles: HostHandles): unknown {
  const read = readToken(token);
  if (!read) return undefined;
  try {
    if (read.kind === 'chat') return handles.models.get(read.name);
    if (read.kind === 'embedding') return handles.embeddings.get(read.name);
    if (read.kind === 'rerank') return handles.rerankers.get(read.name);
    return undefined;
  } catch (error) {
    // An unknown name is told as an unknown token, with the tokens there are.
    if (ModelportError.is(error) && error.code.startsWith('SPEC_')) return undefined;
    throw error;
  }
}
