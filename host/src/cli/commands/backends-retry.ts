/** `modelport backends retry`: starts one backend now and says how it went. */
import { failureLines, packageText } from '../backend-text.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { withNewestFitting } from '../install/newest-fitting.ts';
import { projectOf } from '../install/package-manager.ts';
import { pickBackends } from '../pick-backends.ts';
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .argument('<name>', 'a backend of the config, or a plugin: then each backend on it')
    .addHelpText('after', `
Starts the backend in this process. A host that runs elsewhere tries again by itself when its config changes.

Examples:
  modelport backends retry openai`)
    .action(async (name: string) => {
      await session.withHost(async (host) => {
        const names = (await pickBackends(host, name)).map((backend) => backend.name);
        for (const backend of names) await host.retry(backend);
        const { backends: described, files } = await host.describe();
        const backends = await withNewestFitting(described.filter((backend) => names.includes(backend.name)), (await projectOf(files)).folder, session.signal);
        const failures = backends.flatMap(({ failure }) => (failure === undefined ? [] : [exitCodeOf(failure.code)]));
        session.exitCode = Math.max(0, ...failures);
        if (session.json) return session.out.json({ backends });
        const { out } = session;
        for (const { name: backend, state, failure, importMs, ...facts } of backends) {
          const imported = importMs === undefined || failure !== undefined ? '' : `, imported in ${Math.round(importMs)} ms`;
          await out.line(`${out.paint.bold(backend)}  ${packageText(facts)}  ${failure === undefined ? out.paint.green(state) : out.paint.red(state)}${imported}`);
          if (failure !== undefined) await out.line(failureLines(failure, out.paint));
        }
      });
    });
};
