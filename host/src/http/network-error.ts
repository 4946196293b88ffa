/** What went wrong on a connection, as a call error in plain words that names the origin and nothing secret. */
import { CallError } from '@modelport/plugin-api';

/** Code on the error of a lookup that found private addresses only. */
const privateAddressCode = 'MODELPORT_PRIVATE_ADDRESS';

/** A name that resolves to private addresses although nothing the user wrote names it. */
export class PrivateAddressError extends Error {
  readonly code = privateAddressCode;
  readonly address: string;

  constructor(address: string) {
    super(`the name resolves to the private address ${address}`);
    this.address = address;
  }
}

/** How far an exchange had come when it failed. */
export type ExchangePhase = 'connect' | 'header' | 'body';

interface Reading {
  readonly text: string;
  readonly retryable: boolean;
  readonly code?: 'NETWORK' | 'TIMEOUT' | 'REQUEST_INVALID';
}

const certificateFaults: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet; check the clock of this machine',
  CERT_REVOKED: 'its certificate is revoked',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed; name its PEM file under `http.ca` to trust it',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate ends in an authority this machine does not know; name its PEM file under `http.ca` to trust it',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate comes without the authority that signed it; name that PEM file under `http.ca`',
  UNABLE_TO_GET_ISSUER_CERT: 'the authority of its certificate is not known; name its PEM file under `http.ca`',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'the authority of its certificate is not known; name its PEM file under `http.ca`',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
};

/** Turns an error of the transport into NETWORK, TIMEOUT, HOST_NOT_ALLOWED or REQUEST_INVALID. A call error passes unchanged. */
export function toNetworkError(error: unknown, origin: string, phase: ExchangePhase, refusePrivate: (address: string) => CallError): CallError {
  if (CallError.is(error)) return error;
  const code = codeOf(error);
  if (code === privateAddressCode) return refusePrivate((error as PrivateAddressError).address);
  const unparsed = parserText(error);
  const reading = unparsed === undefined ? read(code, error, origin, phase) : readUnparsed(unparsed, origin, phase);
  // The parser's error holds the bytes it choked on; those stay here.
  const cause = unparsed === undefined ? error : new Error(unparsed);
  return new CallError(reading.code ?? 'NETWORK', reading.text, { retryable: reading.retryable, cause, ...(reading.code === 'TIMEOUT' ? { limit: 'connect' as const } : {}) });
}

/** What the HTTP parser of undici said, which gives its errors a name and a text but no code. */
function parserText(error: unknown): string | undefined {
  const { name, message } = (error ?? {}) as { readonly name?: unknown; readonly message?: string };
  return name === 'HTTPParserError' ? message : undefined;
}

function readUnparsed(text: string, origin: string, phase: ExchangePhase): Reading {
  if (text.includes('EOF')) return { text: closedText(origin, phase), retryable: true };
  return { text: `${origin} answered with something that is not HTTP.`, retryable: phase === 'body' };
}

/** The code of an error, or of the first of several tried addresses. */
function codeOf(error: unknown): string {
  const { code, errors, cause } = (error ?? {}) as { readonly code?: unknown; readonly errors?: readonly { readonly code?: unknown }[]; readonly cause?: { readonly code?: unknown } };
  for (const candidate of [code === 'UND_ERR_PRX_TLS' || code === 'UND_ERR_PRX_CONN' ? undefined : code, errors?.[0]?.code, cause?.code, code]) if (typeof candidate === 'string') return candidate;
  return '';
}

function read(code: string, error: unknown, origin: string, phase: ExchangePhase): Reading {
  const certificate = certificateFaults[code];
  if (certificate !== undefined) return { text: `${origin} cannot be trusted: ${certificate} (${code}).`, retryable: false };
  switch (code) {
    case 'ENOTFOUND':
      return { text: `The host name of ${origin} is not known to DNS.`, retryable: true };
    case 'EAI_AGAIN':
      return { text: `The host name of ${origin} could not be looked up: DNS does not answer.`, retryable: true };
    case 'ECONNREFUSED':
      return { text: `Nothing listens at ${origin}: the connection was refused.`, retryable: true };
    case 'EHOSTUNREACH': case 'ENETUNREACH': case 'EADDRNOTAVAIL':
      return { text: `${origin} cannot be reached from this machine (${code}).`, retryable: true };
    case 'ETIMEDOUT':
      return phase === 'connect' ? { text: `${origin} did not take the connection in time.`, retryable: true, code: 'TIMEOUT' } : { text: `The connection to ${origin} went dead.`, retryable: true };
    case 'UND_ERR_CONNECT_TIMEOUT':
      return { text: `${origin} did not take the connection in time.`, retryable: true, code: 'TIMEOUT' };
    case 'ECONNRESET': case 'EPIPE': case 'ECONNABORTED': case 'UND_ERR_SOCKET':
      return { text: closedText(origin, phase), retryable: true };
    case 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH':
      return { text: `${origin} ended its answer before the length it had announced.`, retryable: true };
    case 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH':
      return { text: `The body for ${origin} is not as long as its content-length header says.`, retryable: false, code: 'REQUEST_INVALID' };
    case 'UND_ERR_HEADERS_OVERFLOW':
      return { text: `${origin} sent more headers than are taken.`, retryable: false };
    case 'UND_ERR_INVALID_ARG':
      return { text: `The request to ${origin} cannot be sent: ${messageOf(error)}.`, retryable: false, code: 'REQUEST_INVALID' };
    case 'UND_ERR_DESTROYED': case 'UND_ERR_CLOSED':
      return { text: `The request to ${origin} cannot be sent: the HTTP client is closed.`, retryable: false };
    case 'UND_ERR_ABORTED':
      return { text: `The proxy would not connect to ${origin}: ${messageOf(error)}.`, retryable: false };
    case 'Z_BUF_ERROR':
      return { text: `${origin} ended its answer in the middle of the compressed data.`, retryable: true };
    default:
      return readFamily(code, origin);
  }
}

/** Codes that are known by how they begin. */
function readFamily(code: string, origin: string): Reading {
  if (code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') return { text: `${origin} does not speak TLS; http:// may be meant.`, retryable: false };
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS') || code === 'EPROTO') return { text: `No secure connection to ${origin} could be agreed on (${code}).`, retryable: false };
  if (code.startsWith('Z_') || code.startsWith('ERR_BROTLI') || code.startsWith('ERR__ERROR_FORMAT') || code.startsWith('ZSTD_')) return { text: `${origin} sent a body that is not in the encoding its header names.`, retryable: true };
  if (code.startsWith('UND_ERR_PRX')) return { text: `The proxy for ${origin} could not be reached.`, retryable: true };
  return { text: `The request to ${origin} failed${code === '' ? '' : ` (${code})`}.`, retryable: true };
}

function closedText(origin: string, phase: ExchangePhase): string {
  return phase === 'body' ? `${origin} broke off in the middle of its answer.` : `${origin} closed the connection before it answered.`;
}

function messageOf(error: unknown): string {
  return (error as { readonly message?: string }).message ?? 'no reason given';
}

/** Whether a connection was found closed, as happens to an idle one that the server gave up at the moment it was taken. */
export function isClosedConnection(error: unknown): boolean {
  const code = codeOf(error);
  return code === 'ECONNRESET' || code === 'EPIPE' || code === 'UND_ERR_SOCKET';
}
