/** Everything a backend of this plugin can be told in the config, and what each word costs or changes on the wire. */
import { z } from 'zod';

const url = z.url({ protocol: /^https?$/ });

/** The options of one backend. A key that is not listed is refused. */
export const BedrockOptions = z.strictObject({
  region: z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d+$/).optional()
    .describe('AWS region, for example eu-central-1. Default: AWS_REGION, else the region of the profile.'),
  profile: z.string().min(1).optional()
    .describe('Profile of ~/.aws/config and ~/.aws/credentials that credentials and region come from. Default: AWS_PROFILE, else the profile "default".'),
  auth: z.enum(['auto', 'api-key', 'keys', 'chain']).default('auto')
    .describe('Where credentials come from: the secret apiKey (a Bedrock API key), the secrets accessKeyId, secretAccessKey and sessionToken, or the AWS SDK’s own chain (profile, SSO, process, web identity, container, instance). "auto" = the chain where profile is set, else the secrets that are there, the API key before the access keys, else the chain. Default: auto.'),
  endpoint: url.optional()
    .describe('Address of the runtime, for a VPC endpoint or a gateway. Default: that of the region.'),
  controlEndpoint: url.optional()
    .describe('Address of the control plane, which lists the models. Default: that of the region.'),
  baseModels: z.record(z.string().min(1), z.string().min(1)).default({})
    .describe('The model behind an id that does not name it, such as the ARN of an application inference profile, by id: its traits shape the request. Default: none.'),
  structuredOutput: z.enum(['auto', 'native', 'tool', 'none']).default('auto')
    .describe('How a responseFormat of type json travels: as outputConfig.textFormat, as a tool the model is made to call, or not at all (a warning then). "auto" = native where model and schema allow it, else the tool. Default: auto.'),
  cache: z.enum(['off', '5m', '1h']).default('off')
    .describe('Puts prompt-cache points of that lifetime after the system messages and at the end of every request, for models that cache. Cache points set on parts work in any case. Default: off.'),
  guardrail: z.strictObject({
    id: z.string().min(1).describe('Id or ARN of the guardrail.'),
    version: z.string().min(1).default('DRAFT').describe('Its version. Default: DRAFT.'),
    trace: z.enum(['enabled', 'disabled', 'enabled_full']).optional().describe('Whether the answer tells what the guardrail found. Default: the vendor’s, which is disabled.'),
    stream: z.enum(['sync', 'async']).optional().describe('Whether a stream waits for the guardrail. Default: the vendor’s, which is sync.'),
  }).optional()
    .describe('Guardrail that reads every request and answer. Default: none.'),
  latency: z.enum(['standard', 'optimized']).optional()
    .describe('performanceConfig.latency: optimized is faster and dearer, for a few models. Default: the vendor’s, which is standard.'),
  serviceTier: z.enum(['default', 'priority', 'flex', 'reserved']).optional()
    .describe('Processing tier of a request. Default: the vendor’s.'),
  metadata: z.boolean().default(false)
    .describe('Whether a call’s labels and session id travel as requestMetadata, which Bedrock writes to its invocation log. Default: false.'),
  nonStreaming: z.boolean().default(true)
    .describe('Whether an answer that is wanted whole is asked for with Converse. False = with ConverseStream and put together. Default: true.'),
  models: z.array(z.string().min(1)).optional()
    .describe('Ids to list instead of asking the control plane. Default: ask.'),
});

/** The options as the plugin gets them: defaults filled in. */
export type BedrockOptions = z.output<typeof BedrockOptions>;
