/** A config that is a program and was found by search is run only when it is the user's own: anyone may leave a file in a shared folder. */
import { stat } from 'node:fs/promises';
import { modelportError } from '../errors/modelport-error.ts';
import { isTrusted } from '../secrets/trust.ts';

/** Throws CONFIG_UNREADABLE for a file that another user owns, unless that is the administrator or the file was trusted as it is. */
export async function refuseForeignCode(file: string, environment: NodeJS.ProcessEnv): Promise<void> {
  const owner = await stat(file).then(({ uid }) => uid, () => undefined);
  if (owner === undefined || !isForeign(owner, process.getuid?.()) || (await isTrusted([file], environment))) return;
  throw modelportError('CONFIG_UNREADABLE', { file, reason: 'it is a program of another user, found by search, and was not run; to run it, name it with `--config`' });
}

/** Whether an owner is neither the user nor the administrator. On Windows nobody is told apart. */
export function isForeign(owner: number, user: number | undefined): boolean {
  return user !== undefined && owner !== user && owner !== 0;
}
