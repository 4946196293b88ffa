/** Which headers and query fields carry credentials, and how they are shown. */

/** Stands where a credential stood. */
export const redacted = '[redacted]';

const credentialHeader = /auth|cookie|api-?key|token|secret|credential|signature|^x-.*-key$|^key$/i;
const credentialField = /^(key|sig|code)$|auth|api-?_?key|token|secret|password|credential|signature/i;

/** Whether a header of this name may carry a credential: dropped on another origin, never logged or recorded. */
export function carriesCredential(header: string): boolean {
  return credentialHeader.test(header);
}

/** Headers with the values of credentials replaced, and every other value passed through `redact`. Names come out in small letters. */
export function redactHeaders(headers: Readonly<Record<string, string>>, redact: (text: string) => string): Record<string, string> {
  const shown: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) shown[name.toLowerCase()] = carriesCredential(name) ? redacted : redact(value);
  return shown;
}

/** A URL with user, password and the credentials of its query replaced. */
export function redactUrl(url: string, redact: (text: string) => string): string {
  const parsed = new URL(url);
  if (parsed.username !== '') parsed.username = 'redacted';
  if (parsed.password !== '') parsed.password = 'redacted';
  for (const name of new Set(parsed.searchParams.keys())) if (credentialField.test(name)) parsed.searchParams.set(name, redacted);
  return redact(parsed.href);
}
