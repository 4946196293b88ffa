/** An agent asks its alias anew in every iteration: an edit in the middle of a run reaches the next question. */
import { Agent, defineTool } from '@modelport/host';
import { createTestHost } from '@modelport/host/testing';
import { script } from '@modelport/scripted';
import { describe, expect, it } from 'vitest';

describe('an agent whose alias is moved in the middle of a run', () => {
  it('asks the new model from its next iteration on, with all that was said', async () => {
    const first = script([[{ toolCall: { name: 'swap', input: {} } }]]);
    const second = script(['Done.']);
    await using host = await createTestHost({ models: { default: first } });
    const swap = defineTool({ name: 'swap', description: 'Moves the alias.', input: { type: 'object' }, execute: async () => { await host.register({ models: { default: second } }, { override: true }); return 'moved'; } });
    const answer = await new Agent({ name: 'mover', model: host.models.get('default'), tools: () => Promise.resolve([swap]) }).run('go');
    expect(answer.text).toBe('Done.');
    expect([first.requests.length, second.requests.length]).toEqual([1, 1]);
    expect(second.requests[0]?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'tool']);
  });

  it('keeps the tools and instructions that the run began with', async () => {
    const model = script([[{ toolCall: { name: 'note', input: {} } }], 'Done.']);
    await using host = await createTestHost({ models: { default: model }, config: { agents: { helper: { instructions: 'Be brief.', tools: ['note'] } } } });
    host.tools.register(defineTool({ name: 'note', description: 'd', input: { type: 'object' }, execute: () => { host.tools.unregister('note'); return 'ok'; } }));
    await host.agents.get('helper').run('go');
    expect(model.requests.map(({ messages, tools }) => [messages[0], tools?.length])).toEqual(Array.from({ length: 2 }, () => [{ role: 'system', content: 'Be brief.' }, 1]));
  });
});
