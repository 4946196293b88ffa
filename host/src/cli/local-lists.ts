/** Listings of several backends at once: the one that fails is told beside those that answered. */
import type { Host, LocalModelsHandle } from '@modelport/host';
import { FAILED } from './exit-codes.ts';
import { chooseLocalBackends } from './local-target.ts';
import type { Session } from './session.ts';
import { indented, tableLines, type Cell } from './table.ts';

/** What is listed, and how it looks. */
export interface Listing<Item> {
  /** Asks one backend. */
  readonly ask: (handle: LocalModelsHandle, signal: AbortSignal) => Promise<readonly Item[]>;
  readonly heads: readonly string[];
  readonly row: (item: Item, backend: string) => readonly (Cell | string)[];
  /** What is said where a backend has none. */
  readonly none: string;
}

interface Answered<Item> {
  readonly backend: string;
  readonly models?: readonly Item[];
  readonly error?: ReturnType<Session['errorJson']>;
}

/** Asks the backend of that name, or every one with local models, and tells what they say. Exit code 1 when all of them failed. */
export async function tellLists<Item>(host: Host, session: Session, name: string | undefined, { ask, heads, row, none }: Listing<Item>): Promise<void> {
  const backends = chooseLocalBackends(host, name);
  const lists = await Promise.all(backends.map(async (backend): Promise<Answered<Item>> => {
    try {
      return { backend, models: await ask(host.localModels.get(backend), session.signal) };
    } catch (error) {
      if (session.signal.aborted) throw error;
      return { backend, error: session.errorJson(error) };
    }
  }));
  if (lists.every(({ error }) => error !== undefined)) session.exitCode = FAILED;
  if (session.json) return session.out.json({ backends: lists });
  const { paint } = session.out;
  for (const [index, { backend, models = [], error }] of lists.entries()) {
    await session.out.line(`${index === 0 ? '' : '\n'}${paint.bold(backend)}`);
    if (error !== undefined) await session.out.line(indented(`${paint.red(error.code)}: ${error.message}\n${paint.cyan('fix')}: ${error.remedy}`));
    else if (models.length === 0) await session.out.line(indented(paint.dim(none)));
    else await session.out.line(indented(tableLines(heads, models.map((model) => row(model, backend)), paint.dim).join('\n')));
  }
}
