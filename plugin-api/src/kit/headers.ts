/** Headers on their way from the caller to the vendor, and back. */

/** Headers a caller adds to a request, in lower case, without those that are the plugin's own business. `reserved` holds names in lower case. */
export function callerHeaders(given: Readonly<Record<string, string>> | undefined, reserved: ReadonlySet<string>): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!reserved.has(name.toLowerCase())) headers[name.toLowerCase()] = value;
  }
  return headers;
}

/** Headers of an answer for the caller: rate limits, ids and timings, without cookies, which are a kind of secret. */
export function withoutCookies(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  if (headers['set-cookie'] === undefined) return headers;
  const { 'set-cookie': _, ...rest } = headers;
  return rest;
}
