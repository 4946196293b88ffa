/** Checks that a request is signed with AWS Signature Version 4, as the service does. Source: the IAM guide, "Create a signed AWS API request". */
import { createHash, createHmac } from 'node:crypto';
import type { ReceivedRequest } from './raw-server.ts';

/** Keys of an account. */
export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. Default: none. */
  readonly sessionToken?: string;
}

/** Whether the request's signature is that of the keys, over what arrived. */
export function isSignedBy(request: ReceivedRequest, keys: AwsKeys): boolean {
  const { headers } = request;
  const parsed = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(headers['authorization'] ?? '');
  if (parsed === null || parsed[1] !== keys.accessKeyId || headers['x-amz-security-token'] !== keys.sessionToken) return false;
  const [, , day = '', region = '', service = '', names = '', signature] = parsed;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'] ?? '', scope, sha256(canonical(request, names.split(';')))].join('\n');
  const key = [region, service, 'aws4_request'].reduce((previous: Buffer, part) => hmac(previous, part), hmac(`AWS4${keys.secretAccessKey}`, day));
  return hmac(key, text).toString('hex') === signature;
}

/** The region a signature or nothing names. */
export function signedRegion(request: ReceivedRequest): string | undefined {
  return /Credential=[^/]+\/\d{8}\/([^/]+)\//.exec(request.headers['authorization'] ?? '')?.[1];
}

function canonical({ method, path, headers, text }: ReceivedRequest, names: readonly string[]): string {
  const [plain = '', query = ''] = path.split('?');
  // Every service but S3 signs the path encoded once more.
  const encoded = plain.split('/').map((segment) => encodeURIComponent(segment).replaceAll(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`)).join('/');
  const lines = names.map((name) => `${name}:${(headers[name] ?? '').trim().replaceAll(/\s+/g, ' ')}\n`).join('');
  return [method, encoded, query.split('&').sort().join('&'), lines, names.join(';'), headers['x-amz-content-sha256'] ?? sha256(text)].join('\n');
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
