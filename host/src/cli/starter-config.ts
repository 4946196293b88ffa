/** The config that `modelport config init` writes: it runs with no key, and its comments show the next steps. */

/** The text of the file. */
export function starterConfig(): string {
  return `# yaml-language-server: $schema=.modelport/config.schema.json
# The config of Modelport. \`modelport config validate\` checks it, \`modelport doctor\` checks everything.

# A backend is one configured instance of one plugin, an npm package.
backends:
  # A model that needs no key: it follows a script, and the script can do arithmetic.
  scripted: { plugin: "@modelport/scripted" }

  # A real one: \`modelport plugins add @modelport/openai\`, then take the "#" away.
  # openai:
  #   plugin: "@modelport/openai"
  #   secrets: { apiKey: { env: OPENAI_API_KEY } }

# An alias is the name a program asks for. Which model answers is decided here.
models:
  default: demo@scripted
  # default: gpt-5-mini@openai
  # Several targets are tried in order:
  # fast: [gpt-5-nano@openai, demo@scripted]

# Tools that agents may use; each names a plugin.
tools:
  calculator: { plugin: "@modelport/calculator" }

agents:
  assistant:
    model: default
    tools: [calculator]
    instructions: Answer in one sentence. Use the calculator for every sum.
`;
}
