/** The agents of the config, made when they are asked for. */
import { modelportError } from '../errors/modelport-error.ts';
import { nearNames } from '../errors/near-names.ts';
import type { Handles } from '../lifecycle/host-handles.ts';
import type { Runtime } from '../lifecycle/runtime.ts';
import type { ModelHandle } from '../models/model-handle.ts';
import type { Tools } from '../tools/tools.ts';
import { Agent } from './agent.ts';

/** Gives agents by their key under `agents:`. Each `get` reads the config as it is now. */
export function createAgents(runtime: Runtime, models: Handles<ModelHandle>, tools: Tools): Handles<Agent> {
  const agents = (): Runtime['snapshot']['config']['agents'] => runtime.snapshot.config.agents;
  return {
    names: () => Object.keys(agents()),
    get: (name) => {
      const config = agents()[name];
      if (!config) throw modelportError('AGENT_UNKNOWN', { agent: name, near: nearNames(name, Object.keys(agents())) });
      const { instructions, maxIterations, parallelTools } = config;
      return new Agent({ name, model: models.get(config.model), tools: () => tools.pick(config.tools), instructions, maxIterations, parallelTools });
    },
  };
}
