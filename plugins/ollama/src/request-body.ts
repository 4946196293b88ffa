/** The last step of every request: the caller's own fields are merged in. */
import type { ProviderData } from '@modelport/plugin-api';
import { mergeFields, type Fields, type Warnings } from '@modelport/plugin-api/kit';

/** Key of this wire's data in `providerOptions` and `providerMetadata`. */
export const DIALECT = 'ollama';

/** Merges the caller's own fields, which win. `stream` would change the shape of the answer and stays. */
export function finishBody(body: Fields, providerOptions: ProviderData | undefined, warnings: Warnings): Fields {
  const { stream, ...own } = providerOptions?.[DIALECT] ?? {};
  if (stream !== undefined) warnings.unsupported(`providerOptions.${DIALECT}.stream`, 'It would change the shape of the answer.');
  return mergeFields(body, own);
}
