/** A scripted upstream that speaks Amazon Bedrock: Converse, whole and as an event stream, InvokeModel for embeddings, models and inference profiles. */
import type { Answer } from './answer-writer.ts';
import { converseRefusal } from './bedrock-rules.ts';
import { isSignedBy, signedRegion, type AwsKeys } from './bedrock-signature.ts';
import type { BedrockTurn } from './bedrock-turn.ts';
import { converseUsage, inFrames, toConverseAnswer, toConverseEvents, toFrames, toInvokeAnswer } from './bedrock-wire.ts';
import { faultOf } from './fault.ts';
import type { ReceivedRequest } from './raw-server.ts';
import { bodyAnswer, pageAnswer, Script, startScriptedServer, type ScriptedAnswer, type ScriptedUpstream } from './scripted-server.ts';
import type { ScriptedError } from './turn.ts';

/** How an upstream answers. */
export interface BedrockUpstreamOptions {
  /** The answers in order, one for each request that asks for one; the last one is repeated. Default: one turn, the text `Hello.`. */
  readonly turns?: readonly BedrockTurn[];
  /** Entries of GET /foundation-models. Default: `scripted.chat-v1:0`. */
  readonly models?: readonly ({ readonly modelId: string } & Readonly<Record<string, unknown>>)[];
  /** Entries of GET /inference-profiles. Default: none. */
  readonly profiles?: readonly ({ readonly inferenceProfileId: string } & Readonly<Record<string, unknown>>)[];
  /** Most profiles of one page. Default 1000. */
  readonly pageSize?: number;
  /** Keys a request has to be signed with; another signature is answered with 403. Default: any request is taken. */
  readonly keys?: AwsKeys;
  /** Bedrock API key a request has to bear; another is answered with 403. Default: any request is taken. */
  readonly apiKey?: string;
  /** Answers requests the API would refuse as well. Default false. */
  readonly lenient?: boolean;
}

/** A running upstream; its base URL is the endpoint for inference and for the list of models. */
export interface BedrockUpstream extends ScriptedUpstream<BedrockTurn> {
  /** Region the latest request was signed for; `undefined` = it bore no signature. */
  readonly lastRegion: string | undefined;
}

/** Starts an upstream on a free port of 127.0.0.1. */
export async function createBedrockUpstream(options: BedrockUpstreamOptions = {}): Promise<BedrockUpstream> {
  const script = new Script(options.turns ?? [{ text: 'Hello.' }]);
  const upstream = await startScriptedServer(script, (request, number) => {
    const headers = { 'x-amzn-requestid': `00000000-0000-4000-8000-${String(number).padStart(12, '0')}` };
    const known = refusedAnswer(request, options) ?? listAnswer(request, options);
    if (known !== undefined) return { ...known, headers: { ...headers, ...known.headers } };
    const turn = script.next();
    const scripted: ScriptedAnswer = turn.error === undefined ? turnAnswer(turn, request, number) : errorAnswer(turn.error);
    return { faults: turn.faults ?? [], ...scripted, headers: { ...headers, ...scripted.headers, ...turn.headers } };
  });
  return Object.defineProperty(upstream as BedrockUpstream, 'lastRegion', {
    get: () => {
      const request = upstream.requests.at(-1);
      return request === undefined ? undefined : signedRegion(request);
    },
  });
}

/** The exception for a status where a script names none. Source: the common errors of the API reference. */
const TYPE_OF_STATUS: Readonly<Record<number, string>> = {
  400: 'ValidationException', 403: 'AccessDeniedException', 404: 'ResourceNotFoundException', 408: 'ModelTimeoutException', 424: 'ModelErrorException',
  429: 'ThrottlingException', 500: 'InternalServerException', 503: 'ServiceUnavailableException',
};

const CONVERSE = /^\/model\/([^/]+)\/(converse|converse-stream|invoke)$/;

function refusedAnswer(request: ReceivedRequest, { keys, apiKey, lenient }: BedrockUpstreamOptions): Answer | undefined {
  const { method, path, headers, body } = request;
  if (apiKey !== undefined && headers['authorization'] !== `Bearer ${apiKey}`) return errorAnswer({ status: 403, message: 'Authentication failed: Please make sure your API Key is valid.' });
  if (keys !== undefined && !isSignedBy(request, keys)) {
    return errorAnswer({ status: 403, type: 'InvalidSignatureException', message: 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method.' });
  }
  const operation = CONVERSE.exec(path)?.[2];
  if (method === 'GET' ? !/^\/(foundation-models|inference-profiles)\b/.test(path) : operation === undefined) return errorAnswer({ status: 404, type: 'UnknownOperationException', message: '' });
  const refused = operation === undefined || operation === 'invoke' || lenient === true ? undefined : converseRefusal(body);
  return refused === undefined ? undefined : errorAnswer({ status: 400, message: refused });
}

function listAnswer({ method, path }: ReceivedRequest, options: BedrockUpstreamOptions): Answer | undefined {
  if (method !== 'GET') return undefined;
  const url = new URL(path, 'http://upstream');
  if (url.pathname === '/inference-profiles') {
    const profiles = (options.profiles ?? []).map((profile) => ({ inferenceProfileName: profile.inferenceProfileId, status: 'ACTIVE', type: 'SYSTEM_DEFINED', models: [], inferenceProfileArn: `arn:aws:bedrock:us-east-1:1:inference-profile/${profile.inferenceProfileId}`, ...profile }));
    const first = Number(url.searchParams.get('nextToken') ?? 0);
    const next = first + (options.pageSize ?? 1000);
    return bodyAnswer({ inferenceProfileSummaries: profiles.slice(first, next), ...(next < profiles.length ? { nextToken: String(next) } : {}) });
  }
  const models = (options.models ?? [{ modelId: 'scripted.chat-v1:0' }]).map((model) => ({
    modelArn: `arn:aws:bedrock:us-east-1::foundation-model/${model.modelId}`, modelName: model.modelId, providerName: 'Scripted', inputModalities: ['TEXT'], outputModalities: ['TEXT'],
    responseStreamingSupported: true, inferenceTypesSupported: ['ON_DEMAND'], modelLifecycle: { status: 'ACTIVE' }, ...model,
  }));
  const id = decodeURIComponent(url.pathname.slice('/foundation-models/'.length));
  if (id === '') return bodyAnswer({ modelSummaries: models });
  const found = models.find(({ modelId }) => modelId === id);
  return found === undefined ? errorAnswer({ status: 404, message: `The provided model identifier is invalid.` }) : bodyAnswer({ modelDetails: found });
}

function turnAnswer(turn: BedrockTurn, { path, body }: ReceivedRequest, number: number): ScriptedAnswer {
  const faults = turn.faults ?? [];
  const page = pageAnswer(faults);
  if (page !== undefined) return page;
  const [, model = '', operation] = CONVERSE.exec(path) ?? [];
  if (operation === 'invoke') {
    const counted = converseUsage(turn)?.['inputTokens'];
    const invoked = bodyAnswer(turn.whole ?? toInvokeAnswer(decodeURIComponent(model), body));
    return counted === undefined ? invoked : { ...invoked, headers: { ...invoked.headers, 'x-amzn-bedrock-input-token-count': String(counted) } };
  }
  if (operation === 'converse' || faultOf(faults, 'json-instead-of-stream') !== undefined) return bodyAnswer(turn.whole ?? toConverseAnswer(turn, number));
  const events = turn.events ?? toConverseEvents(turn, number);
  return { status: 200, headers: { 'content-type': 'application/vnd.amazon.eventstream' }, body: toFrames(events, faults), faults: inFrames(events, faults) };
}

/** The service names its exceptions in a header, with a URL behind a colon. A status it never sends is that of something in between, which names none. */
function errorAnswer({ status, type = TYPE_OF_STATUS[status], message = 'scripted error', body }: ScriptedError): Answer {
  const answer = bodyAnswer(body ?? { message }, status);
  if (body !== undefined || type === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/com.amazon.bedrock/` } };
}
