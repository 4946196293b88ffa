import { describe, expect, it } from 'vitest';
import { loadYaml, places, problemsOf } from './config-folder.ts';

const two = 'backends:\n  one: { plugin: acme }\n  two: { plugin: acme }\n';

describe('names', () => {
  it('an alias that names an unknown backend or alias is told with near names', async () => {
    const problems = await problemsOf(loadYaml(`${two}models:\n  default: m@tow\n  fast: [deafult, m@one]\n  far: nothing-like-it\n`));
    expect(problems.map(({ path, line, column, near }) => [path, line, column, near])).toEqual([
      ['models.default', 5, 12, ['m@two']],
      ['models.fast[0]', 6, 10, ['default']],
      ['models.far', 7, 8, undefined],
    ]);
    expect(problems[2]?.message).toContain('backends: one, two; aliases: default, fast, far');
  });

  it('with one chat backend a bare model id is enough; one that is off or serves tools does not count', async () => {
    const { config } = await loadYaml(`${two.replace('two: { plugin: acme }', 'two: { plugin: acme, enabled: false }')}  more: { plugin: acme }\ntools: { more-tools: { backend: more } }\nmodels: { default: "claude@20240620" }\n`);
    expect(config.models['default']?.targets).toEqual(['claude@20240620']);
  });

  it('with one chat backend, a text near an alias or a backend is read as a model id, with a warning', async () => {
    const { config, warnings } = await loadYaml('backends:\n  one: { plugin: acme }\nmodels:\n  default: gpt-5\n  fast: [deafult, m@oen, claude@20240620]\n');
    expect(config.models['fast']?.targets).toEqual(['deafult', 'm@oen', 'claude@20240620']);
    expect(warnings).toMatchObject([{ path: 'models.fast[0]', line: 5, column: 10, near: ['default'] }, { path: 'models.fast[1]', column: 19, near: ['m@one'] }]);
    expect(warnings).toHaveLength(2);
  });

  it('an alias may name aliases; a ring is told once, with its members', async () => {
    expect((await loadYaml(`${two}models: { a: b, b: [c, m@one], c: m@two }\n`)).config.models['b']?.targets).toEqual(['c', 'm@one']);
    const problems = await problemsOf(loadYaml(`${two}models:\n  a: b\n  b: [m@one, c]\n  c: { spec: a }\n`));
    expect(problems).toMatchObject([{ kind: 'cycle', path: 'models.a', line: 5, message: 'these aliases name each other: a -> b -> c -> a.' }]);
    expect(await problemsOf(loadYaml(`${two}models: { a: a }\n`))).toMatchObject([{ message: 'these aliases name each other: a -> a.' }]);
  });

  it('an alias cannot be called like a backend', async () => {
    const [problem] = await problemsOf(loadYaml(`${two}models:\n  one: m@two\n`));
    expect(problem).toMatchObject({ kind: 'duplicate-name', path: 'models.one', line: 5, column: 3 });
    expect(problem?.message).toMatch(/modelport\.config\.yaml:2:3\.$/);
  });

  it.each(['a@b', 'a/b', 'a:b', '1a', 'a b'])('an alias cannot be called "%s"', async (name) => {
    expect(await problemsOf(loadYaml(`${two}models:\n  "${name}": m@two\n`))).toMatchObject([{ kind: 'invalid-name', line: 5, column: 3 }]);
  });

  it('an alias at a backend is refused', async () => {
    const [problem] = await problemsOf(loadYaml(`${two}models:\n  fast: m@one\n  slow: fast@two\n`));
    expect(problem).toMatchObject({ kind: 'conflict', path: 'models.slow', line: 6, column: 9 });
  });

  it('an empty part of a spec is told as such', async () => {
    const problems = await problemsOf(loadYaml(`${two}models:\n  a: "@one"\n  b: one/\n  c: "m@"\n`));
    expect(problems.map(({ line, message }) => [line, message])).toEqual([
      [5, '"@one" is no model spec: no model is named for the backend "one".'],
      [6, '"one/" is no model spec: no model is named for the backend "one".'],
      [7, '"m@" is no model spec: nothing stands after the "@".'],
    ]);
  });

  it.each(['One', '1one', 'one_two', 'o'.repeat(41)])('a backend cannot be called "%s"', async (name) => {
    expect(await problemsOf(loadYaml(`backends:\n  ${name}: { plugin: acme }\n`))).toMatchObject([{ kind: 'invalid-name', line: 2, column: 3 }]);
  });

  it('tools with a plugin declare a backend of their name', async () => {
    const { config } = await loadYaml(`${two}tools:\n  files: { plugin: "@acme/files@^2", options: { a: 1 }, include: [read] }\n  more: { backend: one, prefix: p_ }\n`);
    expect(config.backends['files']).toMatchObject({ name: 'files', plugin: '@acme/files', range: '^2', options: { a: 1 }, declaredBy: 'tools', enabled: true, from: { line: 5 } });
    expect(config.tools).toEqual({ files: { name: 'files', backend: 'files', include: ['read'] }, more: { name: 'more', backend: 'one', prefix: 'p_' } });
  });

  it('backends and such tools share one space of names: a name twice is told with both lines', async () => {
    const [problem] = await problemsOf(loadYaml(`${two}tools:\n  one: { plugin: "@acme/files" }\n`));
    expect(problem).toMatchObject({ kind: 'duplicate-name', path: 'tools.one', line: 5, column: 3 });
    expect(problem?.message).toMatch(/modelport\.config\.yaml:2:3;/);
  });

  it('a tool names a backend that exists, or a plugin, and not both', async () => {
    const problems = await problemsOf(loadYaml(`${two}tools:\n  a: { backend: oen }\n  b: {}\n  c: { backend: one, plugin: acme }\n`));
    expect(places(problems)).toEqual(['5:17 tools.a.backend', '6:3 tools.b', '7:3 tools.c']);
    expect(problems[0]?.near).toEqual(['one']);
  });

  it('an agent needs a model that is known', async () => {
    const problems = await problemsOf(loadYaml(`${two}models: { fast: m@one }\nagents:\n  a: {}\n  b: { model: fsat }\n  c: { model: x@two }\n`));
    expect(places(problems)).toEqual(['6:3 agents.a.model', '7:15 agents.b.model']);
    expect(problems[0]?.message).toContain('models.default');
  });

  it('a budget names what exists', async () => {
    const problems = await problemsOf(loadYaml(`${two}budgets:\n  - { scope: "backend:oen", per: day, usd: 1 }\n  - { scope: "alias:x", per: day, usd: 1 }\n  - { scope: everything, per: day, usd: 1 }\n  - { per: day }\n`));
    expect(places(problems)).toEqual(['5:14 budgets[0].scope', '6:14 budgets[1].scope', '7:14 budgets[2].scope', '8:5 budgets[3]']);
  });

  it.each(['Not A Name', '@scope', 'acme@', ''])('"%s" is no plugin name', async (plugin) => {
    expect(places(await problemsOf(loadYaml(`backends:\n  one: { plugin: "${plugin}" }\n`)))[0]).toBe('2:18 backends.one.plugin');
  });
});
