/** What the benchmark compares: one way of calling a model over the OpenAI wire. */

/** One way of calling a model. Both methods use what its users use, with its defaults. */
export interface Contender {
  /** Asks for the answer at once and resolves with its text. */
  generate(model: string): Promise<string>;
  /** Asks for the answer as a stream, tells each piece of text as it comes. */
  stream(model: string, onText: (text: string) => void): Promise<void>;
  /** Frees its connections. */
  close?(): Promise<void>;
}

/** Makes a contender that calls the endpoint at `baseUrl`, which ends in `/v1`. */
export type CreateContender = (baseUrl: string) => Contender | Promise<Contender>;

/** A contender's place in the table. */
export interface ContenderEntry {
  /** Its module in `contenders/`. */
  readonly id: string;
  /** What the table calls it. */
  readonly title: string;
}

/** The contenders, the one that all others are measured against first. */
export const CONTENDERS: readonly ContenderEntry[] = [
  { id: 'undici', title: 'undici + JSON.parse' },
  { id: 'modelport', title: 'Modelport' },
  { id: 'openai', title: 'openai SDK' },
  { id: 'ai-sdk', title: 'AI SDK' },
  { id: 'ai-sdk-bridge', title: 'Modelport + AI SDK provider' },
  { id: 'langchain', title: 'LangChain' },
];

/** A key no upstream of the benchmark looks at. */
export const API_KEY = 'sk-bench-0123456789';
