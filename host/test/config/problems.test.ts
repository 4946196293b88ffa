import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configFolder, failure, load, loadYaml, places, problemsOf, small } from './config-folder.ts';

describe('problems', () => {
  it('all problems of all files are told at once, file by file and line by line', async () => {
    const folder = await configFolder({
      'base.toml': '[reload]\nwatch = "yes"\n\n[[budgets]]\nper = "week"\nusd = 1\n',
      'modelport.config.yaml': [
        'extends: ./base.toml', // 1
        'backends:', // 2
        '  one: { plugin: acme, sekrets: {}, eager: 1 }', // 3
        '  Two: { plugin: acme }', // 4
        '  three: { options: { a: "${NOT_SET_ANYWHERE}" } }', // 5
        'models:', // 6
        '  default: [m@one, n@onee]', // 7
        '  "a/b": m@one', // 8
        '  judge: { spec: m@one, temperature: 3, maxOutputTokens: 0.5, temprature: 1 }', // 9
        'agents:', // 10
        '  helper: { model: jugde, instructions: [a] }', // 11
        'calls: { retry: { attempts: 0 }, breaker: { failure: 1 }, cache: true }', // 12
        'sotre: memory', // 13
      ].join('\n'),
    });
    const problems = await problemsOf(load(folder));
    expect(places(problems.filter(({ file }) => file === join(folder, 'modelport.config.yaml')))).toEqual([
      '3:24 backends.one.sekrets',
      '3:44 backends.one.eager',
      '4:3 backends.Two',
      '5:3 backends.three.plugin',
      '5:26 backends.three.options.a',
      '7:20 models.default[1]',
      '8:3 models.a/b',
      '9:38 models.judge.temperature',
      '9:58 models.judge.maxOutputTokens',
      '9:63 models.judge.temprature',
      '11:20 agents.helper.model',
      '11:41 agents.helper.instructions',
      '12:29 calls.retry.attempts',
      '12:45 calls.breaker.failure',
      '12:66 calls.cache',
      '13:1 sotre',
    ]);
    expect(places(problems.filter(({ file }) => file === join(folder, 'base.toml')))).toEqual(['2:9 reload.watch', '5:7 budgets[0].per']);
    const told = Object.fromEntries(problems.map(({ path, message, near }) => [path, [message, ...(near ?? [])]]));
    expect(told).toMatchObject({
      'backends.one.sekrets': ['this key is not known.', 'secrets'],
      'backends.one.eager': ['expected true or false, got the number 1.'],
      'backends.three.plugin': ['this is missing: expected a package name, or a path that begins with "./".'],
      'backends.three.options.a': [expect.stringContaining('NOT_SET_ANYWHERE is not set')],
      'models.default[1]': [expect.stringContaining('"n@onee"'), 'n@one'],
      'models.judge.temperature': ['expected at most 2, got 3.'],
      'models.judge.maxOutputTokens': ['expected a whole number, got the number 0.5.'],
      'models.judge.temprature': ['this key is not known.', 'temperature'],
      'agents.helper.model': [expect.stringContaining('"jugde"'), 'judge'],
      'agents.helper.instructions': ['expected text, got a list.'],
      'calls.retry.attempts': ['expected at least 1, got 0.'],
      'calls.breaker.failure': ['this key is not known.', 'failures'],
      'calls.cache': ['expected false or a map, got true.'],
      'budgets[0].per': ['expected one of day, month, got a text.'],
      sotre: ['this key is not known.', 'store'],
    });
  });

  it('forty problems stay one short line each, with a count first and the remedy apart', async () => {
    const lines = Array.from({ length: 40 }, (_, index) => `  b${index}: { plugin: acme, eager: ${index} }`);
    const error = await failure(loadYaml(`backends:\n${lines.join('\n')}\n`));
    const [head, ...rest] = error.message.split('\n');
    expect(head).toBe('The config has 40 problems:');
    expect(rest).toHaveLength(40);
    expect(rest[39]).toMatch(/modelport\.config\.yaml:41:31 {2}backends\.b39\.eager: expected true or false, got the number 39\.$/);
    expect(Math.max(...rest.map((line) => line.length))).toBeLessThan(160);
    expect(error.remedy).toContain('modelport config validate');
  });

  it('an unknown key of a backend points to options', async () => {
    const [problem] = await problemsOf(loadYaml('backends:\n  one: { plugin: acme, baseUrl: "https://x.test" }\n'));
    expect(problem?.message).toContain('stands under `options`');
  });

  it('a value that may be a key in the wrong place is never repeated', async () => {
    const error = await failure(loadYaml('backends:\n  one: { plugin: acme, secrets: { apiKey: { evn: sk-canary-1 } }, eager: sk-canary-2, headers: sk-canary-3 }\nlog: { level: sk-canary-4 }\n'));
    expect(error.message).not.toContain('canary');
    expect(JSON.stringify(error.details)).not.toContain('canary');
  });

  it.each([
    ['models.default', '{ spec: m@one, temperature: -0.1 }', 'temperature'],
    ['models.default', '{ spec: m@one, temperature: 2.1 }', 'temperature'],
    ['models.default', '{ spec: m@one, topP: 1.5 }', 'topP'],
    ['models.default', '{ spec: m@one, maxOutputTokens: 0 }', 'maxOutputTokens'],
    ['models.default', '{ spec: m@one, frequencyPenalty: 3 }', 'frequencyPenalty'],
    ['calls.timeouts', '{ idleMs: -1 }', 'idleMs'],
    ['calls.timeouts', '{ totalMs: 1.5 }', 'totalMs'],
    ['calls.retry', '{ baseMs: 0 }', 'baseMs'],
    ['calls.retry', '{ attempts: 0 }', 'attempts'],
    ['calls.retry', '{ status: [99] }', 'status[0]'],
    ['calls.limits', '{ requestsPerMinute: 0 }', 'requestsPerMinute'],
    ['calls.limits', '{ tokensPerMinute: -5 }', 'tokensPerMinute'],
    ['calls.limits', '{ concurrency: 0 }', 'concurrency'],
    ['calls.breaker', '{ failures: 1.1 }', 'failures'],
    ['http', '{ maxConnections: 0 }', 'maxConnections'],
    ['budgets', '[{ per: day, usd: 0 }]', '[0].usd'],
    ['budgets', '[{ per: day, usd: 1, warnAt: 2 }]', '[0].warnAt'],
    ['agents.a', '{ maxIterations: 0 }', 'maxIterations'],
  ])('%s: %s is out of range', async (path, value, key) => {
    const problems = await problemsOf(loadYaml(small, { set: [`${path}=${value}`] }));
    expect(problems.map((problem) => problem.path)).toEqual([key.startsWith('[') ? `${path}${key}` : `${path}.${key}`]);
    expect(problems[0]?.message).toMatch(/^expected /);
  });

  it('every key of the tree is accepted', async () => {
    const calls = '{ timeouts: { connectMs: 1, firstPartMs: 1, idleMs: 0, totalMs: 0 }, retry: { attempts: 1, baseMs: 1, maxMs: 1, totalMs: 0, status: [429] }, limits: { requestsPerMinute: 0.5, tokensPerMinute: 1, concurrency: 1, queue: 0, queueMs: 0 }, breaker: { failures: 1, windowMs: 1, minimumCalls: 1, openMs: 1, probes: 1 }, fallback: { on: [TIMEOUT], midStream: error }, cache: { ttlMs: 1, maxEntries: 1, models: [fast], exclude: [m@one] }, contextGuard: warn }';
    const { config } = await loadYaml(`
$schema: https://modelport.test/schema.json
backends:
  one: { plugin: acme, adapter: ai-sdk, export: createAcme, enabled: true, eager: true, options: { a: null }, headers: { X-Team: a }, secrets: { apiKey: { env: KEY, optional: true }, other: { command: [pass, show], ttlMs: 5 }, chain: { keychain: acme } }, permissions: { net: [a.test], env: [A], files: [./a] }, models: { m: { capabilities: { tools: true, image-input: false }, limits: { contextTokens: 1, outputTokens: 1, dimensions: 1 }, price: { asOf: 2026-01-01, inputUsdPerMillionTokens: 0.1, outputUsdPerMillionTokens: 1, cacheReadUsdPerMillionTokens: 0, cacheWriteUsdPerMillionTokens: 0 } } }, calls: ${calls} }
  two: { preset: team }
presets: { team: { plugin: acme, options: {}, secrets: { apiKey: { file: ~/key } } } }
models:
  default: m@one
  fast: [m@two, default]
  judge: { any: [m@one], temperature: 0, topP: 1, topK: 1, maxOutputTokens: 1, seed: -1, presencePenalty: -2, frequencyPenalty: 2, stopSequences: [x], reasoning: low, parallelToolCalls: false, logitBias: { "5": 1 }, topLogprobs: 0, user: u, headers: { a: b }, providerOptions: { acme: { a: 1 } }, instructions: x, calls: ${calls} }
tools:
  files: { plugin: "@acme/files", options: { command: [npx] }, include: [a], exclude: [b], prefix: p_ }
  again: { backend: two }
agents:
  helper: { model: judge, instructions: x, tools: [files], maxIterations: 1, maxToolFailures: 0, parallelTools: 1, toolTimeoutMs: 0, unfinishedTool: ask, history: { maxMessages: 1, compact: window }, calls: ${calls} }
calls: { breaker: false, cache: false }
budgets: [{ scope: all, per: day, usd: 1, warnAt: 0.5, unknownPrice: refuse }, { scope: "backend:one", per: month, tokens: 1 }]
http: { proxy: env, ca: [./ca.pem], maxConnections: 1, allowPrivate: true, wireLog: true }
store: { url: "redis://x" }
state: { folder: ./state }
telemetry: { content: true, langfuse: true, traceparent: true }
policy: { plugins: { allow: ["@acme/*"] }, scripts: true, minReleaseAgeDays: 3, literalSecrets: refuse, pluginFolders: [./plugins] }
reload: { watch: true, drainMs: 0 }
streams: { abandonedMs: 1 }
log: { level: debug }
`);
    expect(Object.keys(config.backends)).toEqual(['one', 'two', 'files']);
    expect(config.models['judge']?.defaults).toMatchObject({ topK: 1, logitBias: { 5: 1 } });
  });

  it('what nobody wrote has the documented defaults', async () => {
    const { config } = await loadYaml(`${small}agents: { helper: {} }\n`);
    expect(config).toMatchObject({
      http: { proxy: 'env', ca: [], maxConnections: 64, allowPrivate: false, wireLog: false },
      store: 'sqlite', state: {}, budgets: [], telemetry: { content: false, langfuse: false, traceparent: false },
      policy: { plugins: { allow: ['*'] }, scripts: false, minReleaseAgeDays: 0, literalSecrets: 'warn', pluginFolders: [] },
      reload: { watch: false, drainMs: 300_000 }, streams: { abandonedMs: 600_000 }, log: { level: 'info' },
      agents: { helper: { name: 'helper', model: 'default', tools: [], maxIterations: 10, maxToolFailures: 3, parallelTools: 5, toolTimeoutMs: 60_000, unfinishedTool: 'ask', history: { maxMessages: 50, compact: 'window' } } },
    });
    expect(config.calls).toBeUndefined();
  });
});
