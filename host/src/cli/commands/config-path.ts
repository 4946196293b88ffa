/** `modelport config path`: which file is the config, by which rule, and where it was looked for. */
import { WRONG_USE } from '../exit-codes.ts';
import { shortPath } from '../paths.ts';
import type { Define } from '../program.ts';

export const define: Define = (command, session) => {
  command
    .addHelpText('after', `
Examples:
  modelport config path
  cat "$(modelport config path)"`)
    .action(async () => {
      const { findConfig } = await import('@modelport/host');
      const found = await findConfig(process.cwd(), process.env, session.options.config);
      if (found.file === undefined) session.exitCode = WRONG_USE;
      const { out, err } = session;
      if (session.json) return out.json({ file: found.file ?? null, how: found.how, searched: found.searched, places: found.places });
      // The path alone on stdout, so that a shell can use it.
      if (found.file !== undefined) return out.line(found.file).then(() => err.line(err.paint.dim(found.how)));
      await err.line(`No config file was found. Looked for ${found.places.join(', ')} in:\n${found.searched.map((folder) => `  ${shortPath(folder)}`).join('\n')}`);
      return err.line(`${err.paint.cyan('fix')}: Write one with \`modelport config init\`, or name one with \`--config FILE\`.`);
    });
};
