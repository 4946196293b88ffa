/** `modelport config validate`: every problem of the config at once, then what the plugins' manifests say; runs no plugin code. */
import type { BackendDescription, ConfigProblem } from '@modelport/host';
import { failureLines } from '../backend-text.ts';
import { exitCodeOf, WRONG_USE } from '../exit-codes.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';

interface Verdict {
  readonly valid: boolean;
  readonly files: readonly string[];
  readonly profiles: readonly string[];
  readonly problems: readonly ConfigProblem[];
  readonly warnings: readonly ConfigProblem[];
  /** Backends that cannot serve, with the reason. */
  readonly backends: readonly Pick<BackendDescription, 'name' | 'plugin' | 'state' | 'failure'>[];
}

export const define: Define = (command, session) => {
  command
    .addHelpText('after', `
Exit code: 0 when all is well (a secret that is not set here is only told), 1 when a plugin cannot be loaded,
2 when the config or the options of a backend are wrong.

Examples:
  modelport config validate
  modelport config validate --config ci.yaml --json`)
    .action(async () => {
      let verdict: Verdict;
      try {
        verdict = await validate(session);
      } catch (error) {
        const { code, details } = error as { readonly code?: string; readonly details?: { readonly problems?: readonly ConfigProblem[] } };
        // As text, the error itself tells all problems; as JSON, the verdict has one shape either way.
        if (code !== 'CONFIG_INVALID' || !session.json) throw error;
        verdict = { valid: false, files: [], profiles: [], problems: details?.problems ?? [], warnings: [], backends: [] };
      }
      const failures = verdict.backends.map(({ failure }) => exitCodeOf(failure?.code ?? ''));
      session.exitCode = verdict.valid ? 0 : verdict.problems.length > 0 ? WRONG_USE : Math.max(...failures);
      if (session.json) await session.out.json(verdict);
      else await tell(verdict, session);
    });
};

async function validate(session: Session): Promise<Verdict> {
  const { files, profiles, warnings } = await session.readConfig();
  const backends = await session.withHost(async (host) => (await host.describe()).backends);
  const failed = backends.filter(({ failure }) => failure !== undefined).map(({ name, plugin, state, failure }) => ({ name, plugin, state, failure }));
  return { valid: failed.every(({ state }) => state === 'needs-secret'), files, profiles, problems: [], warnings, backends: failed };
}

async function tell({ valid, files, backends, warnings }: Verdict, { out }: Session): Promise<void> {
  const { paint } = out;
  const named = files.map((file) => shortPath(file)).join(', ');
  const doubts = warnings.length === 0 ? '' : `, ${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`;
  await out.line(valid ? `${paint.green('valid')}  ${named}${doubts}` : `${paint.red('not usable')}  ${named}: the file is well-formed, but not every backend can serve`);
  for (const { name, failure } of backends) {
    if (failure !== undefined) await out.line(`\n  ${paint.bold(name)}\n${failureLines(failure, paint)}`);
  }
}
