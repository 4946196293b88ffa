/** What Converse refuses with a ValidationException, as far as a plugin can get it wrong. Source: its API reference and its error messages. */

type Fields = Readonly<Record<string, unknown>>;

const NAME = /^[a-zA-Z0-9_-]{1,64}$/;
const ID = /^[a-zA-Z0-9_.:-]{1,64}$/;

/** The words of the refusal; `undefined` = the request is taken. */
export function converseRefusal(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null) return 'Unexpected end of input';
  const { messages, system, toolConfig, inferenceConfig } = body as Fields;
  if (!Array.isArray(messages) || messages.length === 0) return 'The request must contain at least one message.';
  const turns = messages as readonly Fields[];
  return refusalOfRoles(turns) ?? refusalOfBlocks(turns, system) ?? refusalOfResults(turns) ?? refusalOfTools(turns, toolConfig as Fields | undefined)
    ?? refusalOfInference(inferenceConfig as Fields | undefined);
}

function refusalOfRoles(turns: readonly Fields[]): string | undefined {
  if (turns[0]?.['role'] !== 'user') return 'A conversation must start with a user message. Try again with a conversation that starts with a user message.';
  const twice = turns.some(({ role }, index) => index > 0 && role === turns[index - 1]?.['role']);
  return twice ? 'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.' : undefined;
}

function refusalOfBlocks(turns: readonly Fields[], system: unknown): string | undefined {
  for (const block of (system ?? []) as readonly Fields[]) if (block['text'] === '') return 'The text field in the ContentBlock object at system.0 is blank.';
  const names = new Set<string>();
  for (const [index, { role, content }] of turns.entries()) {
    const blocks = (content ?? []) as readonly Fields[];
    if (blocks.length === 0) return `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`;
    for (const [place, block] of blocks.entries()) {
      const at = `messages.${index}.content.${place}`;
      if (Object.keys(block).length !== 1) return `The ContentBlock object at ${at} must set one of the following keys: text, image, toolUse, toolResult, document, video.`;
      const refused = refusalOfBlock(block, role, at, names);
      if (refused !== undefined) return refused;
    }
    if (blocks.some(({ document }) => document !== undefined) && !blocks.some(({ text }) => text !== undefined)) return 'A text block must be included when a document is part of a message.';
  }
  return undefined;
}

function refusalOfBlock(block: Fields, role: unknown, at: string, names: Set<string>): string | undefined {
  const { text, toolUse, toolResult, image, document, reasoningContent } = block as Readonly<Record<string, Fields | undefined>>;
  if (text !== undefined && String(text).trim() === '') return `The text field in the ContentBlock object at ${at} is blank. Add text to the text field, and try again.`;
  if ((image ?? document) !== undefined && role !== 'user') return `The model doesn't support images or documents in the ${String(role)} role.`;
  if (document !== undefined) {
    const name = String(document['name']);
    if (!/^[\dA-Za-z\-()[\] ]{1,200}$/.test(name) || / {2}/.test(name)) return 'The document file name can only contain alphanumeric characters, whitespace characters, hyphens, parentheses, and square brackets.';
    if (names.has(name)) return `Document file names must be unique: ${name}`;
    names.add(name);
  }
  if (reasoningContent !== undefined && role !== 'assistant') return 'Reasoning content is only supported in the assistant role.';
  if (toolUse !== undefined) {
    if (!NAME.test(String(toolUse['name']))) return `Value '${String(toolUse['name'])}' at '${at}.member.toolUse.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`;
    if (!ID.test(String(toolUse['toolUseId']))) return `Value at '${at}.member.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.:-]+`;
    const { input } = toolUse;
    if (typeof input !== 'object' || input === null || Array.isArray(input)) return `The format of the value at ${at}.toolUse.input is invalid. Provide a json object for the field and try again.`;
  }
  if (toolResult !== undefined) {
    for (const piece of (toolResult['content'] ?? []) as readonly Fields[]) if (piece['text'] === '') return `The text field in the ToolResultContentBlock object at ${at}.toolResult.content.0 is blank.`;
  }
  return undefined;
}

function refusalOfResults(turns: readonly Fields[]): string | undefined {
  let calls: readonly string[] = [];
  for (const [index, { role, content }] of turns.entries()) {
    const ids = (kind: 'toolUse' | 'toolResult'): string[] => (content as readonly Fields[]).flatMap((block) => {
      const fields = block[kind] as Fields | undefined;
      return fields === undefined || fields['type'] !== undefined ? [] : [String(fields['toolUseId'])];
    });
    if (role === 'user') {
      const answered = ids('toolResult');
      const open = calls.filter((id) => !answered.includes(id));
      if (open.length > 0) return `Expected toolResult blocks at messages.${index}.content for the following Ids: ${open.join(', ')}`;
      if (answered.some((id) => !calls.includes(id))) return `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`;
    }
    calls = role === 'assistant' ? ids('toolUse') : [];
  }
  return undefined;
}

function refusalOfTools(turns: readonly Fields[], toolConfig: Fields | undefined): string | undefined {
  const tools = (toolConfig?.['tools'] ?? []) as readonly Fields[];
  const usesTools = turns.some(({ content }) => (content as readonly Fields[]).some(({ toolUse, toolResult }) => (toolUse ?? toolResult) !== undefined));
  if (usesTools && tools.length === 0) return 'The toolConfig field must be defined when using toolUse and toolResult content blocks.';
  if (toolConfig !== undefined && tools.length === 0) return "Value at 'toolConfig.tools' failed to satisfy constraint: Member must have length greater than or equal to 1";
  for (const [index, { toolSpec }] of tools.entries()) {
    const spec = toolSpec as Fields | undefined;
    if (spec === undefined) continue;
    if (!NAME.test(String(spec['name']))) return `Value '${String(spec['name'])}' at 'toolConfig.tools.${index}.member.toolSpec.name' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`;
    if (spec['description'] === '') return `Value at 'toolConfig.tools.${index}.member.toolSpec.description' failed to satisfy constraint: Member must have length greater than or equal to 1`;
    const schema = (spec['inputSchema'] as Fields | undefined)?.['json'] as Fields | undefined;
    if (schema?.['type'] !== 'object') return `The value at toolConfig.tools.${index}.toolSpec.inputSchema.json.type must be one of the following: object.`;
  }
  return undefined;
}

function refusalOfInference(inference: Fields | undefined): string | undefined {
  for (const name of ['temperature', 'topP']) {
    const value = inference?.[name];
    if (typeof value === 'number' && (value < 0 || value > 1)) return `Value at 'inferenceConfig.${name}' failed to satisfy constraint: Member must have value between 0 and 1`;
  }
  return undefined;
}
