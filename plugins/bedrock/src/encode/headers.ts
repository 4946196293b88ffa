/** The caller's own headers, without those the SDK signs or the HTTP client writes. */

const RESERVED = /^(authorization|host|content-(length|type)|accept|amz-.*|x-amz-(date|security-token|content-sha256|user-agent))$/;

/** Headers to add to a request, by lower-case name. */
export function headersOf(headers: Readonly<Record<string, string>> = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (RESERVED.test(name.toLowerCase()) ? [] : [[name.toLowerCase(), value]])));
}
