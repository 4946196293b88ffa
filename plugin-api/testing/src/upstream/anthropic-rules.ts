/** What the Messages API refuses with a 400, as far as a plugin can get it wrong. Source: its error messages and the tool-use guide. */

type Fields = Readonly<Record<string, unknown>>;

/** The words of the refusal; `undefined` = the request is taken. `version` is that of the header `anthropic-version`. */
export function refusalOf(body: unknown, version: string): string | undefined {
  if (typeof body !== 'object' || body === null) return 'The request body is not valid JSON';
  const { model, max_tokens: maxTokens, messages, thinking, system } = body as Fields;
  if (typeof model !== 'string') return 'model: Field required';
  if (!Number.isInteger(maxTokens) || (maxTokens as number) < 1) return 'max_tokens: Field required';
  if (!Array.isArray(messages)) return 'messages: Field required';
  if (messages.length === 0) return 'messages: at least one message is required';
  const budget = (thinking as Fields | undefined)?.['budget_tokens'];
  if (typeof budget === 'number' && budget < 1024) return 'thinking.enabled.budget_tokens: Input should be greater than or equal to 1024';
  if (typeof budget === 'number' && budget >= (maxTokens as number)) return '`max_tokens` must be greater than `thinking.budget_tokens`.';
  const removed = version < '2026-10-21' ? undefined : removedIn20261021(body as Fields);
  return removed ?? refusalOfBlocks('system', system) ?? refusalOfTurns(messages as readonly Fields[]) ?? refusalOfTools(body as Fields);
}

/** Source: https://platform.claude.com/docs/en/api/migration-2026-10-21. */
function removedIn20261021(body: Fields): string | undefined {
  const setting = ['temperature', 'top_p', 'top_k'].find((name) => body[name] !== undefined);
  if (setting !== undefined) return `${setting}: Extra inputs are not permitted`;
  for (const [index, { role, content }] of (body['messages'] as readonly Fields[]).entries()) {
    if (!Array.isArray(content)) continue;
    const refused = (content as readonly Fields[]).findIndex((block) => (
      role === 'assistant' ? block['type'] === 'document' : block['type'] === 'text' && Array.isArray(block['citations']) && block['citations'].length > 0));
    if (refused !== -1) return `messages.${index}.content.${refused}: Extra inputs are not permitted`;
  }
  return undefined;
}

function refusalOfTurns(messages: readonly Fields[]): string | undefined {
  let calls: readonly string[] = [];
  for (const [index, { role, content }] of messages.entries()) {
    const place = `messages.${index}`;
    if (role !== 'user' && role !== 'assistant' && role !== 'system') return `${place}: Input tag '${String(role)}' found using 'role' does not match any of the expected tags`;
    if (role === 'system' && messages[index - 1]?.['role'] !== 'user') return `${place}: a system message must follow a user message`;
    const refused = refusalOfBlocks(place, content);
    if (refused !== undefined) return refused;
    const blocks = Array.isArray(content) ? (content as readonly Fields[]) : [];
    if (role === 'user') {
      const answered = results(blocks);
      const open = calls.filter((id) => !answered.includes(id));
      if (open.length > 0) return `${place}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}. Each \`tool_use\` block must have a corresponding \`tool_result\` block in the next message.`;
      const unknown = answered.find((id) => !calls.includes(id));
      if (unknown !== undefined) return `${place}: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${unknown}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`;
    }
    if (role !== 'system') calls = role === 'assistant' ? callsOf(blocks) : [];
  }
  return undefined;
}

/** The ids of the results that come before everything else in the message. */
function results(blocks: readonly Fields[]): string[] {
  const end = blocks.findIndex(({ type }) => type !== 'tool_result');
  return (end === -1 ? blocks : blocks.slice(0, end)).map((block) => String(block['tool_use_id']));
}

function callsOf(blocks: readonly Fields[]): string[] {
  return blocks.filter(({ type }) => type === 'tool_use').map(({ id }) => String(id));
}

function refusalOfBlocks(place: string, content: unknown): string | undefined {
  if (content === undefined && place === 'system') return undefined;
  if (typeof content === 'string') return content === '' ? `${place}: text content blocks must be non-empty` : undefined;
  if (!Array.isArray(content) || content.length === 0) return `${place}: all messages must have non-empty content except for the optional final assistant message`;
  for (const [index, block] of (content as readonly Fields[]).entries()) {
    const at = `${place}.content.${index}`;
    if (block['type'] === 'text' && String(block['text']).trim() === '') return `${at}.text: text content blocks must contain non-whitespace text`;
    if (block['type'] === 'thinking' && typeof block['signature'] !== 'string') return `${at}.thinking.signature: Field required`;
    if (block['type'] === 'tool_use' && !/^[a-zA-Z0-9_-]+$/.test(String(block['id']))) return `${at}.tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'`;
    if (block['type'] === 'tool_use' && (typeof block['input'] !== 'object' || block['input'] === null || Array.isArray(block['input']))) return `${at}.tool_use.input: Input should be a valid dictionary`;
  }
  return undefined;
}

function refusalOfTools(body: Fields): string | undefined {
  const tools = (body['tools'] ?? []) as readonly Fields[];
  for (const [index, tool] of tools.entries()) {
    if (tool['type'] !== undefined && tool['type'] !== 'custom') continue;
    if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool['name']))) return `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`;
    if ((tool['input_schema'] as Fields | undefined)?.['type'] !== 'object') return `tools.${index}.custom.input_schema.type: Field required`;
  }
  const choice = body['tool_choice'] as Fields | undefined;
  if (choice !== undefined && tools.length === 0) return 'tool_choice may only be specified while providing tools';
  const thinks = (body['thinking'] as Fields | undefined)?.['type'] === 'enabled';
  return thinks && (choice?.['type'] === 'any' || choice?.['type'] === 'tool') ? 'Thinking may not be enabled when tool_choice forces tool use.' : undefined;
}
