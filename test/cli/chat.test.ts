/** `modelport chat` and `modelport demo`: text for people, JSON for programs. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFolder, STARTER, type Folder } from './command-line.ts';

let folder: Folder;
beforeAll(async () => { folder = await makeFolder({
  'modelport.config.yaml': STARTER,
  'one.yaml': 'backends: { scripted: { plugin: "@modelport/scripted" } }\nmodels: { only: sole@scripted }\n',
  'several.yaml': 'backends: { scripted: { plugin: "@modelport/scripted" } }\nmodels: { one: a@scripted, two: b@scripted }\n',
}); });
afterAll(() => folder[Symbol.asyncDispose]());

describe('chat', () => {
  it('prints the answer and nothing else on stdout', async () => {
    const { exitCode, stdout, stderr } = await folder.run(['chat', 'Good morning.']);
    expect(stdout).toMatch(/^I am the scripted demo model of Modelport.*\n$/);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('prints one JSON object of a fixed shape', async () => {
    const { exitCode, stdout } = await folder.run(['chat', '--json', 'Good', 'morning.']);
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      text: expect.stringContaining('scripted demo model') as unknown, model: 'demo', backend: 'scripted', finishReason: { unified: 'stop' },
      usage: { inputTokens: { total: 2 }, outputTokens: { total: expect.any(Number) as unknown, text: expect.any(Number) as unknown, reasoning: 0 } },
      warnings: [], attempts: [{ backend: 'scripted', model: 'demo', generation: 1 }], callId: expect.stringMatching(/^call_/) as unknown, toolCalls: [],
    });
  });

  it('takes the prompt from stdin where no word is given', async () => {
    const { stdout } = await folder.run(['chat', '--agent', 'assistant'], { input: 'What is 19 + 23?\n' });
    expect(stdout).toBe('19 + 23 is 42.\n');
  });

  it('puts stdin where "-" stands', async () => {
    const { stdout } = await folder.run(['chat', '--agent', 'assistant', 'What is', '-', '* 2?'], { input: '12' });
    expect(stdout).toBe('12 * 2 is 24.\n');
  });

  it('refuses an empty prompt as wrong use', async () => {
    const { exitCode, stderr } = await folder.run(['chat']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('error USAGE: There is no prompt.');
  });

  it('asks the model that -m names, by alias or by spec', async () => {
    const { stdout } = await folder.run(['chat', '-m', 'scripted/other', '--json', 'Hello.']);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'other', backend: 'scripted' });
  });

  it('asks the only alias there is where none is called default', async () => {
    const { stdout } = await folder.run(['chat', '--json', 'Hello.', '--config', 'one.yaml']);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'sole' });
  });

  it('asks nobody where several aliases could be meant', async () => {
    const { exitCode, stderr } = await folder.run(['chat', 'Hello.', '--config', 'several.yaml']);
    expect(exitCode).toBe(2);
    expect(stderr).toBe('error USAGE: Which model is meant? The config has no alias "default"; it has one, two.\nfix: Name one with `-m SPEC`, or add `models.default` to the config.\n');
  });

  it('lets an agent answer, telling its tool calls on stderr', async () => {
    const { stdout, stderr } = await folder.run(['chat', '--agent', 'assistant', 'What is 6 * 7?']);
    expect(stdout).toBe('6 * 7 is 42.\n');
    expect(stderr).toBe('-> calculate(6 * 7) = 42\n');
  });

  it('gives an agent\'s tool calls with their outcomes as JSON', async () => {
    const { stdout } = await folder.run(['chat', '--agent', 'assistant', '--json', 'What is 6 * 7?']);
    expect(JSON.parse(stdout)).toMatchObject({
      text: '6 * 7 is 42.', agent: 'assistant', iterations: 2,
      toolCalls: [{ toolName: 'calculate', input: { expression: '6 * 7' }, output: { type: 'text', value: '42' } }],
    });
  });

  it('names a near agent for one that does not exist', async () => {
    const { exitCode, stderr } = await folder.run(['chat', '--agent', 'asistant', 'Hello.']);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('Did you mean "assistant"?');
  });

  it('runs no plugin under --plugins none and says so', async () => {
    const { exitCode, stderr } = await folder.run(['chat', '--plugins', 'none', 'Hello.']);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error BACKEND_DISABLED: The backend "scripted" is switched off (`enabled: false` or --plugins none).');
  });

  it('takes a value of --set over the config', async () => {
    const { stdout } = await folder.run(['chat', '--set', 'models.default=changed@scripted', '--json', 'Hello.']);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'changed' });
  });

  it('lays profiles over the config', async () => {
    await folder.write('profiles.yaml', `${STARTER}profiles:\n  night: { models: { default: owl@scripted } }\n`);
    const { stdout } = await folder.run(['chat', '--config', 'profiles.yaml', '--profile', 'night', '--json', 'Hello.']);
    expect(JSON.parse(stdout)).toMatchObject({ model: 'owl' });
  });

  it('tells on stderr what the model could not do with the request', async () => {
    await folder.write('warns.yaml', STARTER.replace('demo@scripted', '{ spec: demo@scripted, temperature: 1 }'));
    const { exitCode, stderr } = await folder.run(['chat', '--config', 'warns.yaml', 'Hello.']);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('warning: temperature');
  });
});

describe('demo', () => {
  it('shows what was discovered, checked and injected, then an answer that used a tool', async () => {
    const { exitCode, stdout, stderr } = await folder.run(['demo']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/scripted +@modelport\/scripted \d+\.\d+\.\d+ +contract \^1\.0\.0 \(offered: 1\.\d+\.\d+\) +chat, embedding, models .* ready/);
    expect(stdout).toMatch(/chat-model:default +-> DemoAssistant +demo@scripted/);
    expect(stdout).toMatch(/tools +-> DemoAssistant +calculate of calculator/);
    expect(stdout).toContain('> What is 6 * 7?\n-> calculate(6 * 7) = 42\n6 * 7 is 42.\n');
  });

  it('answers the question that is asked', async () => {
    const { stdout } = await folder.run(['demo', 'What', 'is', '12 * (3 + 4)?']);
    expect(stdout).toContain('-> calculate(12 * (3 + 4)) = 84\n12 * (3 + 4) is 84.\n');
  });

  it('gives the same as JSON', async () => {
    const { stdout } = await folder.run(['demo', '--json', 'What is 1 + 1?']);
    expect(JSON.parse(stdout)).toMatchObject({
      question: 'What is 1 + 1?', text: '1 + 1 is 2.', toolCalls: [{ toolName: 'calculate' }],
      backends: [{ name: 'scripted', state: 'active' }, { name: 'calculator', state: 'active' }],
    });
  });
});
