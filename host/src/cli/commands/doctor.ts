/** `modelport doctor`: checks everything and says what to mend. */
import { examine } from '../doctor/examine.ts';
import type { Finding } from '../doctor/findings.ts';
import { exitCodeOf, FAILED } from '../exit-codes.ts';
import type { Define } from '../program.ts';
import type { Session } from '../session.ts';
import { indented } from '../table.ts';

const titles: Readonly<Record<Finding['area'], string>> = { node: 'Program', config: 'Config', plugins: 'Plugins', secrets: 'Secrets', packages: 'Packages that should be there once', online: 'Online' };

export const define: Define = (command, session) => {
  command
    .option('--online', 'also ask the backends for their health, and the package registry')
    .option('--no-start', 'read manifests only: import and start no plugin')
    .addHelpText('after', `
Exit code: 0 when nothing is broken (a secret that is not set is only told), 1 when a plugin or a backend is, 2 when the config is wrong.

Examples:
  modelport doctor
  modelport doctor --online --json`)
    .action(async ({ online = false, start }: { readonly online?: boolean; readonly start: boolean }) => {
      const { findings, backends } = await examine(session, { online, start });
      const errors = findings.filter(({ level }) => level === 'error');
      session.exitCode = errors.length === 0 ? 0 : Math.max(...errors.map(({ area, code }) => (area === 'config' && code !== undefined ? exitCodeOf(code) : FAILED)));
      if (session.json) await session.out.json({ ok: errors.length === 0, findings, backends });
      else await tell(findings, session);
    });
};

async function tell(findings: readonly Finding[], { out }: Session): Promise<void> {
  const { paint } = out;
  const marks = { ok: paint.green('ok  '), warning: paint.yellow('warn'), error: paint.red('FAIL') };
  for (const [area, group] of Map.groupBy(findings, (finding) => finding.area)) {
    await out.line(paint.bold(titles[area]));
    const width = Math.max(...group.map(({ name }) => name.length));
    for (const { name, level, text, code, remedy } of group) {
      const [first = '', ...more] = text.split('\n');
      await out.line(`  ${marks[level]}  ${name.padEnd(width)}  ${code === undefined ? '' : `${code}: `}${first}`);
      if (more.length > 0) await out.line(indented(more.join('\n'), 8));
      if (remedy !== undefined) await out.line(indented(`${paint.cyan('fix')}: ${remedy}`, 8));
    }
  }
  const count = (level: Finding['level'], one: string, many: string): string => {
    const found = findings.filter((finding) => finding.level === level).length;
    return `${found === 0 ? 'no' : found} ${found === 1 ? one : many}`;
  };
  await out.line(`\n${count('error', 'failure', 'failures')}, ${count('warning', 'warning', 'warnings')}.`);
}
