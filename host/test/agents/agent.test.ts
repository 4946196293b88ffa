/** The agent's loop: asks, runs tools, gives their results, and ends when the model answers, the cap is reached, or someone stops it. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Message, ToolMessage } from '@modelport/plugin-api';
import { Agent, agent as agentToken, defineTool, ModelportError, type AgentEvent, type AgentParts, type Host, type Tool } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script, type ScriptedModel } from '@modelport/scripted';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';

afterEach(() => { vi.useRealTimers(); });

async function failure(work: Promise<unknown>): Promise<ModelportError> {
  const error: unknown = await work.then(() => undefined, (thrown: unknown) => thrown);
  if (!ModelportError.is(error)) throw new Error(`no ModelportError: ${String(error)}`);
  return error;
}

const clock = defineTool({ name: 'clock', description: 'The time in a zone.', input: z.object({ zone: z.string() }), execute: ({ zone }) => `noon in ${zone}` });
const failing = defineTool({ name: 'clock', description: 'd', input: { type: 'object' }, execute: () => { throw new Error('out of order'); } });
const call = (zone: string): { readonly toolCall: { readonly name: string; readonly input: { readonly zone: string } } } => ({ toolCall: { name: 'clock', input: { zone } } });

function agentOf(host: Host, tools: readonly Tool[], parts: Partial<AgentParts> = {}): Agent {
  return new Agent({ name: 'helper', model: () => host.models.get('default'), tools: () => Promise.resolve(tools), ...parts });
}

/** The outputs the model was given with its n-th request. */
function outputsOf(model: ScriptedModel, request: number): unknown[] {
  const message = model.requests[request]?.messages.at(-1) as ToolMessage | undefined;
  return (message?.content ?? []).map((part) => ('output' in part ? part.output : part));
}

describe('a run', () => {
  it('gives the model the result of its tool call and ends with its answer', async () => {
    const model = script([[call('Oslo')], 'It is {{toolResult}}.']);
    await using host = await createTestHost({ models: { default: model } });
    const events: AgentEvent[] = [];
    for await (const event of agentOf(host, [clock]).stream('What time is it?')) events.push(event);
    expect(events.filter(({ type }) => type !== 'part').map(({ type, iteration }) => [type, iteration])).toEqual([['tool-call', 1], ['tool-result', 1], ['answer', 2]]);
    expect(events.at(-1)).toMatchObject({ answer: { text: 'It is noon in Oslo.' } });
    expect(outputsOf(model, 1)).toEqual([{ type: 'text', value: 'noon in Oslo' }]);
    expect(model.requests[0]?.tools).toEqual([clock.definition]);
  });

  it('answers at once where no tool is called, and offers none where there are none', async () => {
    const model = script(['Hello.']);
    await using host = await createTestHost({ models: { default: model } });
    const answer = await agentOf(host, []).run('Hi');
    expect([answer.text, answer.iterations]).toEqual(['Hello.', 1]);
    expect(model.requests[0]).not.toHaveProperty('tools');
  });

  it('returns messages that go on with the conversation', async () => {
    const model = script([[call('Oslo')], 'Noon.', 'You asked before.']);
    await using host = await createTestHost({ models: { default: model } });
    const agent = agentOf(host, [clock], { instructions: 'Be brief.' });
    const first = await agent.run('Time?');
    expect(first.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool', 'assistant']);
    const next: Message = { role: 'user', content: [{ type: 'text', text: 'Again?' }] };
    expect((await agent.run([...first.messages, next])).text).toBe('You asked before.');
    expect(model.requests[2]?.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'tool', 'assistant', 'user']);
  });

  it('runs the calls of one answer at the same time, as many as allowed', async () => {
    let running = 0;
    let most = 0;
    const slow = defineTool({
      name: 'clock', description: 'd', input: { type: 'object' },
      execute: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => { setImmediate(resolve); });
        running -= 1;
        return 'ok';
      },
    });
    const model = script([[call('a'), call('b'), call('c')], 'Done.']);
    await using host = await createTestHost({ models: { default: model } });
    await agentOf(host, [slow], { parallelTools: 2 }).run('go');
    expect(most).toBe(2);
    expect(outputsOf(model, 1)).toHaveLength(3);
  });

  it('gives all its calls one session of their own, each run another', async () => {
    const model = script([[call('Oslo')], 'Noon.', 'Again.']);
    await using host = await createTestHost({ models: { default: model } });
    const helper = agentOf(host, [clock]);
    await helper.run('go');
    await helper.run('go on');
    const [first, second, third] = model.calls.map(({ sessionId }) => sessionId);
    expect(first).toMatch(/^task_/);
    expect(second).toBe(first);
    expect(third).toMatch(/^task_/);
    expect(third).not.toBe(first);
  });

  it('asks the model that a function chooses for each iteration', async () => {
    const planner = script([[call('Oslo')]]);
    const writer = script(['Noon it is.']);
    await using host = await createTestHost({ models: { planner, writer } });
    const turns: [number, number][] = [];
    const answer = await agentOf(host, [clock], {
      model: ({ iteration, messages }) => {
        turns.push([iteration, messages.length]);
        return host.models.get(iteration === 1 ? 'planner' : 'writer');
      },
    }).run('What time is it?');
    expect(answer.text).toBe('Noon it is.');
    expect(turns).toEqual([[1, 1], [2, 3]]);
    expect([planner.requests.length, writer.requests.length]).toEqual([1, 1]);
  });

  it('passes session, labels and signal to every call', async () => {
    const model = script([[call('a')], 'Done.']);
    await using host = await createTestHost({ models: { default: model } });
    await agentOf(host, [clock]).run('go', { sessionId: 's1', metadata: { team: 'blue' } });
    expect(model.calls.map(({ sessionId, metadata }) => [sessionId, metadata])).toEqual([['s1', { team: 'blue' }], ['s1', { team: 'blue' }]]);
  });
});

describe('a tool call that goes wrong is told to the model', () => {
  it.each([
    ['an unknown tool', [{ toolCall: { name: 'watch' } }], 'There is no tool "watch". Tools: clock.'],
    ['arguments that are no JSON', [{ toolCall: { name: 'clock', input: '{"zone": ' } }], 'The arguments are no valid JSON: '],
    ['arguments that do not fit', [{ toolCall: { name: 'clock', input: {} } }], 'The arguments do not fit: zone: '],
  ])('%s', async (_what, steps, text) => {
    const model = script([steps, 'I see.']);
    await using host = await createTestHost({ models: { default: model } });
    expect((await agentOf(host, [clock]).run('go')).text).toBe('I see.');
    expect(outputsOf(model, 1)).toEqual([{ type: 'error-text', value: expect.stringContaining(text) as unknown }]);
  });

  it('a tool that throws, without the secrets in its message', async () => {
    const model = script([[call('a')], 'I see.']);
    await using host = await createTestHost({ models: { default: model } });
    await agentOf(host, [failing], { redact: (text) => text.replace('order', '[secret]') }).run('go');
    expect(outputsOf(model, 1)).toEqual([{ type: 'error-text', value: 'out of [secret]' }]);
  });

  it('a tool that takes too long', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    let seen: AbortSignal | undefined;
    const endless = defineTool({ name: 'clock', description: 'd', input: { type: 'object' }, execute: (_input, { signal }) => { seen = signal; return new Promise(() => undefined); } });
    const model = script([[call('a')], 'I see.']);
    const host = await createTestHost({ models: { default: model } });
    const answer = agentOf(host, [endless], { toolTimeoutMs: 1_000 }).run('go');
    await vi.waitFor(() => { expect(seen).toBeDefined(); });
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await answer).text).toBe('I see.');
    expect(seen?.aborted).toBe(true);
    expect(outputsOf(model, 1)).toEqual([{ type: 'error-text', value: 'The tool did not answer within 1000 ms.' }]);
    expect(vi.getTimerCount()).toBe(0);
    await host.close();
  });
});

describe('a run ends', () => {
  const forever = (): ScriptedModel => script([{ reply: [call('a')], match: {} }]);

  it.each([1, 3])('after exactly %i answers with ITERATIONS_EXCEEDED, without running the last calls', async (maxIterations) => {
    const execute = vi.fn<() => string>(() => 'ok');
    const model = forever();
    await using host = await createTestHost({ models: { default: model } });
    const error = await failure(agentOf(host, [defineTool({ name: 'clock', description: 'd', input: { type: 'object' }, execute })], { maxIterations }).run('go'));
    expect([error.code, error.details]).toEqual(['ITERATIONS_EXCEEDED', { agent: 'helper', limit: maxIterations }]);
    expect(model.requests).toHaveLength(maxIterations);
    expect(execute).toHaveBeenCalledTimes(maxIterations - 1);
    expect(error.context.partial?.content).toMatchObject([{ type: 'tool-call', toolName: 'clock' }]);
  });

  it('when the answer comes with the last iteration allowed', async () => {
    await using host = await createTestHost({ models: { default: script([[call('a')], [call('b')], 'Done.']) } });
    expect((await agentOf(host, [clock], { maxIterations: 3 }).run('go')).text).toBe('Done.');
  });

  it('with TOOLS_FAILING after so many answers in a row whose calls all failed', async () => {
    const model = forever();
    await using host = await createTestHost({ models: { default: model } });
    const error = await failure(agentOf(host, [failing], { maxToolFailures: 2 }).run('go'));
    expect([error.code, error.details]).toEqual(['TOOLS_FAILING', { agent: 'helper', limit: 2, tool: 'clock', reason: 'out of order' }]);
    expect(model.requests).toHaveLength(2);
  });

  it('no earlier where a call between worked', async () => {
    const bad = { toolCall: { name: 'watch' } };
    await using host = await createTestHost({ models: { default: script([[bad], [bad, call('a')], [bad], 'Done.']) } });
    expect((await agentOf(host, [clock], { maxToolFailures: 2 }).run('go')).text).toBe('Done.');
  });

  it('when its reader leaves, in the middle of an answer', async () => {
    const model = script([[{ text: 'a b c' }, { stall: true }]]);
    await using host = await createTestHost({ models: { default: model } });
    for await (const event of agentOf(host, [clock]).stream('go')) if (event.type === 'part' && event.part.type === 'text-delta') break;
    expect(model.calls[0]?.signal.aborted).toBe(true);
    expect((await host.describe()).backends[0]?.leases).toBe(0);
  });

  it('when its reader leaves before the tools run, which then do not', async () => {
    const execute = vi.fn<() => string>(() => 'ok');
    const model = forever();
    await using host = await createTestHost({ models: { default: model } });
    for await (const event of agentOf(host, [defineTool({ name: 'clock', description: 'd', input: { type: 'object' }, execute })]).stream('go')) if (event.type === 'tool-call') break;
    expect(execute).not.toHaveBeenCalled();
    expect(model.requests).toHaveLength(1);
  });

  it('with ABORTED when its signal aborts while the model answers', async () => {
    const controller = new AbortController();
    await using host = await createTestHost({ models: { default: script([[{ text: 'a' }, { stall: true }]]) } });
    const reading = (async () => { for await (const event of agentOf(host, []).stream('go', { signal: controller.signal })) if (event.type === 'part' && event.part.type === 'text-delta') controller.abort(); })();
    expect((await failure(reading)).code).toBe('ABORTED');
  });

  it('with ABORTED when its signal aborts while a tool runs that ignores it', async () => {
    const controller = new AbortController();
    const deaf = defineTool({ name: 'clock', description: 'd', input: { type: 'object' }, execute: () => { controller.abort(new Error('enough')); return new Promise(() => undefined); } });
    const model = forever();
    await using host = await createTestHost({ models: { default: model } });
    const error = await failure(agentOf(host, [deaf]).run('go', { signal: controller.signal }));
    expect([error.code, (error.cause as Error).message]).toEqual(['ABORTED', 'enough']);
    expect(model.requests).toHaveLength(1);
  });

  it('with what the model\'s call met', async () => {
    await using host = await createTestHost({ models: { default: script([[call('a')], [{ fault: { code: 'OVERLOADED' } }]]) } });
    expect((await failure(agentOf(host, [clock]).run('go'))).code).toBe('OVERLOADED');
  });
});

describe('an agent of the config', () => {
  const configured = (model: ScriptedModel): Promise<Host> => createTestHost({
    models: { default: model },
    config: { agents: { assistant: { instructions: 'Be brief.', tools: ['clock'], maxIterations: 2 } } },
  });

  it('uses the model, tools, instructions and limits that it names', async () => {
    const model = script([[call('Oslo')], 'Noon.']);
    await using host = await configured(model);
    host.tools.register(clock);
    expect((await host.agents.get('assistant').run('Time?')).text).toBe('Noon.');
    expect(model.requests[0]?.messages[0]).toEqual({ role: 'system', content: 'Be brief.' });
    expect(host.agents.names()).toEqual(['assistant']);
  });

  it('is the same agent for the same name', async () => {
    await using host = await configured(script(['x']));
    expect(host.agents.get('assistant')).toBe(host.agents.get('assistant'));
  });

  it('that is held over an edit of the config runs as the config says then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'modelport-agent-'));
    const file = join(folder, 'modelport.config.json');
    const write = (agents: object): Promise<void> => writeFile(file, JSON.stringify({ agents }));
    try {
      await write({ assistant: { instructions: 'Before.' } });
      const model = script([{ reply: 'ok' }]);
      await using host = await createTestHost({ config: file, models: { default: model } });
      const held = host.container.resolve(agentToken('assistant'));
      await held.run('hi');
      await write({ assistant: { instructions: 'After.' } });
      await host.reload();
      await held.run('hi');
      expect(model.requests.map(({ messages }) => messages[0]?.content)).toEqual(['Before.', 'After.']);
      await write({});
      await host.reload();
      expect((await failure(held.run('hi'))).code).toBe('AGENT_UNKNOWN');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('is unknown with near names', async () => {
    await using host = await configured(script(['x']));
    expect(() => host.agents.get('asistant')).toThrow('There is no agent "asistant". Did you mean "assistant"?');
  });

  it('tells TOOL_UNKNOWN at the run for a tool nobody registered', async () => {
    await using host = await configured(script(['x']));
    expect((await failure(host.agents.get('assistant').run('hi'))).code).toBe('TOOL_UNKNOWN');
  });
});
