/** What a check-up finds: one line each, good, doubtful or bad, with the step that mends it. */

/** One finding. */
export interface Finding {
  /** What was looked at. */
  readonly area: 'node' | 'config' | 'plugins' | 'secrets' | 'packages' | 'online';
  /** The thing within the area: a backend, a package, a file. */
  readonly name: string;
  readonly level: 'ok' | 'warning' | 'error';
  readonly text: string;
  /** Code of the error, where one is behind it. */
  readonly code?: string;
  readonly remedy?: string;
}

/** A failure of the host as a finding. */
export function failed(area: Finding['area'], name: string, { code, message, remedy }: { readonly code: string; readonly message: string; readonly remedy: string }): Finding {
  return { area, name, level: code === 'SECRET_MISSING' ? 'warning' : 'error', text: message, code, remedy };
}
