/** The assistant of the demo: a class that names what it wants, and is given it. */
import { Agent, chatModel, inject, injectable, Tools, type AgentEvent, type AgentOptions, type ModelHandle, type ToolRegistry } from '@modelport/host';

/** Answers with a model and tools it did not choose: the container injects them, the config says which they are. */
@injectable()
export class DemoAssistant {
  readonly #agent: Agent;

  constructor(@inject(chatModel('default')) model: ModelHandle, @inject(Tools) tools: ToolRegistry) {
    this.#agent = new Agent({
      name: 'demo',
      model,
      tools: () => tools.pick(['calculator']),
      instructions: 'Answer in one sentence. Use the calculator for every sum.',
    });
  }

  /** Answers a question, telling what happens on the way. */
  answer(question: string, options?: AgentOptions): AsyncIterable<AgentEvent> {
    return this.#agent.stream(question, options);
  }
}
