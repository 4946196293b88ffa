/** Where a redirect leads, and what of the request goes along. */
import { carriesCredential } from './credentials.ts';

/** Most redirects one request follows. */
export const maxRedirects = 5;

const always = new Set([307, 308]);
const readingOnly = new Set([301, 302, 303]);

/** The next URL, or undefined where the answer is to be handed over as it is: no redirect, or one that would change what was asked. */
export function redirectTarget(status: number, location: string | undefined, method: string, from: string): URL | undefined {
  if (location === undefined || !(always.has(status) || (readingOnly.has(status) && (method === 'GET' || method === 'HEAD')))) return undefined;
  return URL.canParse(location, from) ? new URL(location, from) : undefined;
}

/** The headers that may go to another origin: without credentials, and without those the user set for this backend. */
export function headersForStranger(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !carriesCredential(name)));
}
