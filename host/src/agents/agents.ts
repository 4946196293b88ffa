/** The agents of the config, made when they are asked for. */
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import type { Handles } from '../lifecycle/host-handles.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import type { Tools } from '../tools/tools.ts';
import { Agent, type AgentParts } from './agent.ts';

/**
 * Gives agents by their key under `agents:`; the same name gives the same agent. Each run reads the config as it is then, so one that was
 * injected sees edits; a run of an agent that is gone throws AGENT_UNKNOWN.
 */
export function createAgents(runtime: Runtime, models: Handles<ModelHandle>, tools: Tools): Handles<Agent> {
  const agents = (): Runtime['snapshot']['config']['agents'] => runtime.snapshot.config.agents;
  const made = new Map<string, Agent>();
  const current = (name: string): AgentParts => {
    const config = agents()[name];
    if (!config) throw modelportError('AGENT_UNKNOWN', { agent: name, near: nearNames(name, Object.keys(agents())) });
    const { instructions, maxIterations, maxToolFailures, parallelTools, toolTimeoutMs } = config;
    return {
      name,
      model: models.get(config.model),
      tools: (signal) => tools.pick(config.tools, signal),
      redact: (text) => runtime.services.redactor.redact(text),
      instructions, maxIterations, maxToolFailures, parallelTools, toolTimeoutMs,
    };
  };
  return {
    names: () => Object.keys(agents()),
    get: (name) => {
      current(name);
      const agent = made.get(name) ?? new Agent({ name, current: () => current(name) });
      made.set(name, agent);
      return agent;
    },
  };
}
