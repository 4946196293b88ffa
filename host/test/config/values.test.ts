import { homedir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { describeConfig, listOrigins } from '../../src/flow/config.ts';
import { callDefaults, nearestCallPolicy } from '../../src/config/calls-schema.ts';
import { configFolder, failure, load, loadYaml, places, problemsOf, small } from './config-folder.ts';

describe('variables', () => {
  const environment = { HOST: 'acme.test', EMPTY: '', HOME: homedir() };

  it('are filled in inside text values only', async () => {
    const { config } = await loadYaml('backends:\n  one:\n    plugin: acme\n    options:\n      url: "https://${HOST}/${VERSION:-v1}"\n      fallback: "${EMPTY:-x}${EMPTY}${NONE:-}"\n      kept: "$${HOST} $HOST"\n      "${HOST}": key\n      command: [run, "${HOST}"]\n      nested: [{ a: "${HOST}" }]\n', { environment });
    expect(config.backends['one']?.options).toEqual({ url: 'https://acme.test/v1', fallback: 'x', kept: '${HOST} $HOST', '${HOST}': 'key', command: ['run', '${HOST}'], nested: [{ a: 'acme.test' }] });
  });

  it('are left alone in plugin names and in secret commands', async () => {
    const { config } = await loadYaml('backends:\n  one: { plugin: "./${HOST}", secrets: { apiKey: { command: [get, "${HOST}"] } } }\n', { environment });
    expect(config.backends['one']).toMatchObject({ plugin: './${HOST}', secrets: { apiKey: { command: ['get', '${HOST}'] } } });
  });

  it('that are missing or malformed are problems with their places and near names', async () => {
    const problems = await problemsOf(loadYaml('backends:\n  one: { plugin: acme, options: { a: "${ACME_HOTS}", b: "${no-name}" } }\n', { environment: { ACME_HOST: 'x' } }));
    expect(problems).toMatchObject([
      { kind: 'missing-variable', path: 'backends.one.options.a', line: 2, column: 38, near: ['ACME_HOST'] },
      { kind: 'syntax', path: 'backends.one.options.b', line: 2, column: 57 },
    ]);
  });

  it('a value that a higher layer replaced may miss its variable', async () => {
    const { config } = await loadYaml(`${small}log: { level: "\${NOT_SET}" }\n`, { set: ['log.level=warn'] });
    expect(config.log.level).toBe('warn');
  });
});

describe('paths', () => {
  it('are read from the folder of the file that wrote them, with ~ and ${HOME}', async () => {
    const folder = await configFolder({
      'modelport.config.yaml': 'extends: ./sub/base.yaml\nstate: { folder: "${HOME}/state" }\nbackends: { one: { plugin: acme, secrets: { a: { file: ~/.keys/a }, b: { file: ./b } } } }\n',
      'sub/base.yaml': 'policy: { pluginFolders: [./plugins, ~/plugins] }\nhttp: { ca: [ca.pem] }\n',
    });
    const { config } = await load(folder, { environment: { HOME: '/home/someone' } });
    expect(config.state.folder).toBe('/home/someone/state');
    expect(config.backends['one']?.secrets).toEqual({ a: { file: join(homedir(), '.keys/a') }, b: { file: join(folder, 'b') } });
    expect(config.policy.pluginFolders).toEqual([join(folder, 'sub/plugins'), join(homedir(), 'plugins')]);
    expect(config.http.ca).toEqual([join(folder, 'sub/ca.pem')]);
  });
});

describe('secrets in the config', () => {
  const text = 'backends:\n  one: { plugin: acme, secrets: { apiKey: sk-canary-1, other: { literal: sk-canary-2 }, third: "${FROM_ENV}" }, options: { accessToken: sk-canary-4, tokenizer: wordpiece, url: "https://me:canary5@x.test" }, headers: { X-Api-Key: canary-6 } }\n';
  const environment = { FROM_ENV: 'sk-canary-3' };

  it('a literal works, warns with its place, and is shown by name only', async () => {
    const loaded = await loadYaml(text, { environment });
    const { secrets } = loaded.config.backends['one'] ?? {};
    expect(Object.values(secrets ?? {}).map((secret) => ('literal' in secret ? secret.literal.reveal() : ''))).toEqual(['sk-canary-1', 'sk-canary-2', 'sk-canary-3']);
    expect(loaded.warnings.map(({ kind, path }) => `${kind} ${path}`)).toEqual(['literal-secret backends.one.secrets.apiKey', 'literal-secret backends.one.secrets.other.literal', 'literal-secret backends.one.options.accessToken', 'literal-secret backends.one.headers.X-Api-Key']);
    expect(places(loaded.warnings)[0]).toBe('2:43 backends.one.secrets.apiKey');
    const shown = [JSON.stringify(describeConfig(loaded)), JSON.stringify(listOrigins(loaded)), JSON.stringify(loaded.warnings)];
    for (const output of shown) expect(output).not.toContain('canary');
    expect(describeConfig(loaded)).toMatchObject({ backends: { one: { secrets: { apiKey: { literal: '[secret apiKey]' } }, options: { accessToken: '[secret accessToken]', tokenizer: 'wordpiece', url: 'https://me:[secret]@x.test' }, headers: { 'X-Api-Key': '[secret X-Api-Key]' } } } });
    expect(inspect(secrets, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(Object.values(secrets ?? {}).map((secret) => String('literal' in secret && secret.literal)).join(' ')).toBe('[secret apiKey] [secret other] [secret third]');
  });

  it('policy.literalSecrets refuses them, or lets them pass', async () => {
    const error = await failure(loadYaml(`${text}policy: { literalSecrets: refuse }\n`, { environment }));
    expect((error.details as { problems: unknown[] }).problems).toHaveLength(4);
    expect(error.message).not.toContain('canary');
    expect((await loadYaml(`${text}policy: { literalSecrets: allow }\n`, { environment })).warnings).toEqual([]);
  });

  it('a secret handed over in code is no literal of the config, and is shown by name only', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': `${small}policy: { literalSecrets: refuse }\n` });
    const loaded = await load(folder, { overlay: { backends: { one: { secrets: { apiKey: 'sk-canary-7' } } } } });
    expect(loaded.warnings).toEqual([]);
    expect(loaded.config.backends['one']).toMatchObject({ plugin: 'acme', from: { folder } });
    expect(loaded.origin(['backends', 'one', 'secrets', 'apiKey', 'literal'])).toEqual({ layer: 'code' });
    expect(JSON.stringify(loaded.config)).not.toContain('canary');
  });

  it('a reference has exactly one source, and its keys are checked', async () => {
    const problems = await problemsOf(loadYaml('backends:\n  one:\n    plugin: acme\n    secrets:\n      a: { env: A, file: b }\n      b: { evn: A }\n      c: { command: pass }\n      d: 5\n      e: { env: A, ttlMs: 5 }\n      f: { env: "A B" }\n'));
    expect(places(problems)).toEqual(['5:10 backends.one.secrets.a', '6:10 backends.one.secrets.b', '6:12 backends.one.secrets.b.evn', '7:21 backends.one.secrets.c.command', '8:10 backends.one.secrets.d', '9:27 backends.one.secrets.e.ttlMs', '10:17 backends.one.secrets.f.env']);
    expect(problems[0]?.message).toBe('expected one source, got env and file.');
    expect(problems[2]?.near).toEqual(['env']);
  });
});

describe('the result', () => {
  it('is frozen to its depth', async () => {
    const { config } = await loadYaml('backends:\n  one: { plugin: acme, options: { list: [{ a: 1 }] } }\n');
    const frozen = (value: unknown): boolean => typeof value !== 'object' || value === null || (Object.isFrozen(value) && Object.values(value).every(frozen));
    expect(frozen(config)).toBe(true);
    expect(() => Object.assign(config.backends['one']?.options ?? {}, { b: 1 })).toThrow(TypeError);
  });

  it('every value a file wrote is listed with its line, the others as defaults', async () => {
    const folder = await configFolder({ 'modelport.config.yaml': 'backends:\n  one: { plugin: acme@^1, secrets: { apiKey: { env: KEY } } }\nmodels:\n  fast: { any: [m@one], topP: 1 }\ntools:\n  files: { plugin: "@acme/files" }\n' });
    const listed = listOrigins(await load(folder)).filter(({ origin }) => origin.layer !== 'default').map(({ path, value, origin }) => `${path.join('.')}=${String(value)} ${origin.line}:${origin.column}`);
    expect(listed).toEqual([
      'backends.one.plugin=acme 2:18', 'backends.one.range=^1 2:18', 'backends.one.secrets.apiKey.env=KEY 2:53',
      'backends.files.plugin=@acme/files 6:20', 'models.fast.targets.0=m@one 4:17', 'models.fast.defaults.topP=1 4:31', 'tools.files.backend=files 6:20',
    ]);
  });

  it('of the call policies the nearest key wins', () => {
    const policy = nearestCallPolicy([{ timeouts: { idleMs: 1 } }, undefined, { timeouts: { idleMs: 2, totalMs: 2 }, cache: { ttlMs: 5 }, breaker: false }]);
    expect(policy).toEqual({ ...callDefaults, timeouts: { connectMs: 10_000, firstPartMs: 300_000, idleMs: 1, totalMs: 2 }, cache: { ttlMs: 5 }, breaker: false });
  });
});
