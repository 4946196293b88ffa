/** A secret shows nowhere: by value, in the forms a value travels in, and in the places credentials stand. */
import { inspect } from 'node:util';
import { CallError, definePlugin, type ChatModel, type Logger, type PluginContext } from '@modelport/plugin-api';
import { ModelportError, readConfig } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { describe, expect, it } from 'vitest';
import { childLogger, createLogger } from '../../src/log/logger.ts';
import { Redactor } from '../../src/secrets/redact.ts';

const canary = 'sk-can/ary+Value 0123"é';
const forms: readonly (readonly [string, string])[] = [
  ['as it is', canary],
  ['in base64', Buffer.from(canary).toString('base64')],
  ['in base64url', Buffer.from(canary).toString('base64url')],
  ['in hex', Buffer.from(canary).toString('hex')],
  ['URL-encoded', encodeURIComponent(canary)],
  ['URL-encoded in small letters', encodeURIComponent(canary).replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase())],
  ['form-encoded', new URLSearchParams({ a: canary }).toString().slice(2)],
  ['in JSON', JSON.stringify(canary).slice(1, -1)],
];

function redactorOf(...values: string[]): Redactor {
  const redactor = new Redactor();
  for (const value of values) redactor.add('apiKey', value);
  return redactor;
}

describe('a text', () => {
  it.each(forms)('loses a secret %s', (_how, form) => {
    expect(redactorOf(canary).redact(`before ${form} after`)).toBe('before [secret apiKey] after');
  });

  it.each([
    ['Authorization: Bearer abc.def-ghi_jkl', 'Authorization: Bearer [secret]'],
    ['authorization: Basic dXNlcjpwYXNz', 'authorization: Basic [secret]'],
    ['GET /v1?key=abc123&alt=sse', 'GET /v1?key=[secret]&alt=sse'],
    ['https://h/x?a=1&api_key=abc123', 'https://h/x?a=1&api_key=[secret]'],
    ['https://user:password@host/x', 'https://user:[secret]@host/x'],
    ['{"x-api-key":"abc123"}', '{"x-api-key":"[secret]"}'],
    ["{ 'x-goog-api-key': 'abc123' }", "{ 'x-goog-api-key': '[secret]' }"],
    ['api-key: abc123', 'api-key: [secret]'],
  ])('loses a credential by its place: %s', (text, clean) => {
    expect(new Redactor().redact(text)).toBe(clean);
  });

  it('keeps words that only look like places', () => {
    const text = 'The key is to be basic: monkey=1, bearer of news, 3 tokens, api-key missing.';
    expect(new Redactor().redact(text)).toBe(text);
  });

  it('keeps a value under 8 characters, which would blank ordinary words', () => {
    expect(redactorOf('short').redact('a short word')).toBe('a short word');
  });

  it('loses the longer of two secrets whole where one begins the other', () => {
    expect(redactorOf('abcdefgh', 'abcdefghijkl').redact('abcdefghijkl')).toBe('[secret apiKey]');
  });

  it('takes a value that is no well-formed text', () => {
    expect(redactorOf('lone\ud800surrogate').redact('lone\ud800surrogate')).toBe('[secret apiKey]');
  });
});

describe('an error', () => {
  it('loses secrets in message, stack, name, code and causes', () => {
    const inner = Object.assign(new Error(`inner ${canary}`), { code: `E_${canary}` });
    const outer = new TypeError(`outer ${canary}`, { cause: inner });
    outer.name = `Name ${canary}`;
    const shown = inspect(redactorOf(canary).redactError(outer), { depth: 9 });
    expect(shown).not.toContain('0123');
    expect(shown).toContain('outer [secret apiKey]');
    expect(shown).toContain('inner [secret apiKey]');
  });

  it('keeps no other property, where a whole request might hang', () => {
    const error = Object.assign(new Error('x'), { request: { headers: { 'x-weird': 'unknown-value' } }, status: 401 });
    const copy = redactorOf(canary).redactError(error);
    expect(inspect(copy)).not.toContain('unknown-value');
    expect(copy).toMatchObject({ status: 401 });
  });

  it('that causes itself ends', () => {
    const error = new Error(canary);
    error.cause = error;
    expect(inspect(redactorOf(canary).redactError(error), { depth: 9 })).not.toContain('0123');
  });
});

describe('facts', () => {
  it('lose secrets however deep, in keys, errors, maps and objects with a class', () => {
    class Client { readonly apiKey = canary; }
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const shown = inspect(redactorOf(canary).redactData({
      text: canary, list: [{ deep: canary }], [canary]: 1, error: new Error(canary), map: new Map([['k', canary]]), set: new Set([canary]),
      client: new Client(), url: new URL(`https://h/?key=${encodeURIComponent(canary)}`), headers: new Headers({ authorization: 'Bearer abcdefghijk' }), circle, bytes: Buffer.from(canary), day: new Date(0), big: 10n,
    }), { depth: 9 });
    expect(shown).not.toContain('0123');
    expect(shown).not.toContain('abcdefghijk');
    expect(shown).not.toContain(Buffer.from(canary).toString('hex').replaceAll(/(..)(?=.)/g, '$1 '));
    expect(shown).toContain('1970-01-01');
    expect(shown).toContain('10n');
    expect(shown).toContain("circle: { self: '[circular]' }");
  });
});

describe('a log', () => {
  it('writes lines from its level up, redacted', () => {
    const lines: string[] = [];
    const log = createLogger('info', redactorOf(canary), (line) => lines.push(line));
    log.debug('hidden');
    log.info('request sent', { url: `https://h/?key=${encodeURIComponent(canary)}` });
    log.error(`failed ${canary}`);
    expect(lines).toEqual(['info request sent {"url":"https://h/?key=[secret apiKey]"}', 'error failed [secret apiKey]']);
  });

  it('survives facts that JSON has no word for, and tells errors', () => {
    const lines: string[] = [];
    const circle: Record<string, unknown> = { count: 10n, error: new Error(`bad ${canary}`) };
    circle['self'] = circle;
    createLogger('info', redactorOf(canary), (line) => lines.push(line)).info('odd', circle);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain('bad [secret apiKey]');
    expect(lines[0]).toContain('"count":"10"');
  });

  it('of a backend redacts before the application\'s own logger sees a line', () => {
    const seen: unknown[] = [];
    const note = (...line: unknown[]): void => void seen.push(line);
    const own: Logger = { debug: note, info: note, warn: note, error: note };
    const circle: Record<string, unknown> = { error: new Error(canary) };
    circle['self'] = circle;
    childLogger(own, 'acme', redactorOf(canary)).warn(`odd ${canary}`, circle);
    expect(inspect(seen, { depth: 9 })).not.toContain('0123');
    expect(inspect(seen)).toContain('acme: odd [secret apiKey]');
  });
});

describe('a host with a secret', () => {
  const key = 'sk-canary-0123456789';

  /** A plugin that leaks wherever it can. */
  function leaky(context: PluginContext): { chatModel: () => ChatModel } {
    const secret = context.secret('apiKey').reveal();
    context.log.warn(`using ${secret}`, { secret });
    const fail = (kind: string): never => {
      const cause = new Error(`cause ${secret}`);
      if (kind === 'call') throw new CallError('AUTH_INVALID', `refused Bearer ${secret}`, { status: 401, cause });
      throw Object.assign(new TypeError(`broken ${encodeURIComponent(secret)}`, { cause }), { request: { headers: { authorization: secret } } });
    };
    return { chatModel: () => ({ stream: async function* (request) { yield* []; fail(JSON.stringify(request.messages).includes('call') ? 'call' : 'other'); } }) };
  }

  it.each(['call', 'other'])('shows it in no error, log line, description or inspection (%s)', async (kind) => {
    const seen: unknown[] = [];
    const note = (...line: unknown[]): void => void seen.push(line);
    await using host = await createTestHost({
      backends: { acme: { plugin: definePlugin({ api: 1, start: leaky }), secrets: { apiKey: key } } },
      log: { debug: note, info: note, warn: note, error: note },
    });
    const news: unknown[] = [];
    for (const name of ['call:ended', 'backend:activated'] as const) host.events.on(name, (event) => news.push(event));
    const handle = host.models.get('m@acme');
    const error: unknown = await handle.generate(kind).catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && error.code).toBe(kind === 'call' ? 'AUTH_INVALID' : 'INTERNAL');
    expect(seen).toHaveLength(1);
    const plain = [error, (error as Error).stack, await host.describe(), seen, news];
    for (const view of plain) expect(JSON.stringify(view)).not.toContain('0123456789');
    for (const view of [...plain, host, handle, host.container, host.tools]) expect(inspect(view, { depth: 20, showHidden: true, getters: true })).not.toContain('0123456789');
  });

  it('shows it in no loaded config, nor in a part of one', async () => {
    const loaded = await readConfig({ value: { backends: { acme: { plugin: 'modelport-plugin-acme', secrets: { apiKey: key } } } }, environment: {} });
    const held = loaded.config.backends['acme']?.secrets['apiKey'];
    for (const view of [loaded, loaded.config, held]) {
      expect(inspect(view, { depth: 20, showHidden: true })).not.toContain('0123456789');
      expect(JSON.stringify(view)).not.toContain('0123456789');
    }
    expect(inspect(held)).toContain('[secret apiKey]');
  });

  it('shows it in no secret a plugin is handed, however it is printed', async () => {
    const shown: string[] = [];
    const plugin = definePlugin({
      api: 1,
      start: (context) => {
        const secret = context.secret('apiKey');
        shown.push(String(secret), JSON.stringify({ secret }), inspect(secret, { showHidden: true }), inspect(context, { depth: 20, showHidden: true }));
        return { chatModel: () => ({ stream: async function* () { yield* []; } }) };
      },
    });
    await using host = await createTestHost({ backends: { acme: { plugin, secrets: { apiKey: key } } } });
    await host.models.get('m@acme').generate('hi').catch(() => undefined);
    expect(shown.slice(0, 3)).toEqual(['[secret apiKey]', '{"secret":"[secret apiKey]"}', '[secret apiKey]']);
    expect(shown[3]).not.toContain('0123456789');
  });

  it('shows it in no failure to start', async () => {
    const plugin = definePlugin({ api: 1, start: (context) => { throw new Error(`cannot use ${context.secret('apiKey').reveal()}`); } });
    await using host = await createTestHost({ backends: { acme: { plugin, secrets: { apiKey: key } } } });
    const error: unknown = await host.models.get('m@acme').generate('hi').catch((thrown: unknown) => thrown);
    expect(ModelportError.is(error) && error.code).toBe('PLUGIN_START_FAILED');
    for (const view of [error, (error as Error).stack, await host.describe()]) expect(inspect(view, { depth: 20, showHidden: true })).not.toContain('0123456789');
  });

  it('hides a key that stands in the configured headers', async () => {
    const plugin = definePlugin({ api: 1, start: () => ({ chatModel: () => ({ stream: async function* () { yield* []; throw new CallError('AUTH_INVALID', 'refused raw-header-0123456789'); } }) }) });
    await using host = await createTestHost({ backends: { acme: plugin }, config: { backends: { acme: { plugin: 'given-in-code', headers: { 'x-api-key': 'raw-header-0123456789', 'x-team': 'blue-and-green' } } } } });
    const error: unknown = await host.models.get('m@acme').generate('hi').catch((thrown: unknown) => thrown);
    expect((error as Error).message).toBe('refused [secret x-api-key]');
  });
});
