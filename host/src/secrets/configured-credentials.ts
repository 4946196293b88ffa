/** Credentials that a config holds outside `secrets`: in headers, in options whose name says so, and in URLs. */
import { looksSecret } from '../config/literal-secrets.ts';
import { carriesCredential } from '../http/credentials.ts';

/** A credential and the name it is shown under. */
export type NamedCredential = readonly [name: string, value: string];

/** Every credential in the headers and options of a backend, so that it can be taken out of what is printed. */
export function configuredCredentials({ headers, options }: { readonly headers: Readonly<Record<string, string>>; readonly options: unknown }): readonly NamedCredential[] {
  const found: NamedCredential[] = [];
  for (const [name, value] of Object.entries(headers)) {
    // `Bearer KEY`: whoever repeats it may repeat the key alone.
    if (carriesCredential(name) || looksSecret(name)) found.push([name, value], [name, value.slice(value.lastIndexOf(' ') + 1)]);
  }
  const visit = (value: unknown, name: string): void => {
    if (typeof value === 'string') found.push(...(looksSecret(name) ? [[name, value] as const] : []), ...credentialsOfUrl(value));
    else if (Array.isArray(value)) for (const item of value) visit(item, name);
    else if (typeof value === 'object' && value !== null) for (const [key, item] of Object.entries(value)) visit(item, key);
  };
  visit(options, '');
  return found;
}

/** The password of a URL and the fields of its query that are named like secrets, as written and decoded; nothing for any other text. */
export function credentialsOfUrl(text: string): readonly NamedCredential[] {
  if (!text.includes('://') || !URL.canParse(text)) return [];
  const { password, search } = new URL(text);
  const fields = search.slice(1).split('&').map((field) => [field.split('=', 1)[0] ?? '', field.slice(field.indexOf('=') + 1)] as const);
  const written: readonly NamedCredential[] = [['password', password], ...fields.filter(([name]) => looksSecret(name))];
  return written.flatMap(([name, value]) => [[name, value], [name, decoded(value)]] as const);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
