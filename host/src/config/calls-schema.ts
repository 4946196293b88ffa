/** What wraps a call, as it may be written at the top, at a backend, an alias or an agent. */
import { z } from 'zod';

/** A duration in milliseconds, 0 allowed. */
export const duration = z.int().min(0);
/** A duration in milliseconds that cannot be 0. */
export const positiveDuration = z.int().min(1);
const count = z.int().min(1);

/** Time limits of a call, in milliseconds; 0 = no limit. */
export const timeoutsSchema = z.strictObject({
  connectMs: duration.optional().describe('Longest wait for a connection, in milliseconds. Default 10000; 0 = no limit.'),
  firstPartMs: duration.optional().describe('Longest wait for the first part of an answer, in milliseconds. Default 300000; 0 = no limit.'),
  idleMs: duration.optional().describe('Longest silence between two parts, in milliseconds. Default 60000; 0 = no limit.'),
  totalMs: duration.optional().describe('Longest time for a whole call, in milliseconds. Default 0 = no limit.'),
});

/** When a failed attempt is made again. */
export const retrySchema = z.strictObject({
  attempts: count.optional().describe('Attempts in all, the first one included. Default 3; 1 = no retry.'),
  baseMs: positiveDuration.optional().describe('Wait before the second attempt, in milliseconds, doubled each time. Default 500.'),
  maxMs: positiveDuration.optional().describe('Longest wait between two attempts, in milliseconds. Default 30000.'),
  totalMs: duration.optional().describe('Time after which no further attempt begins, in milliseconds. Default 120000; 0 = no limit.'),
  status: z.array(z.int().min(100).max(599)).optional().describe('HTTP status codes worth another attempt, instead of the default ones.'),
});

/** What one backend or alias is asked at most. */
export const limitsSchema = z.strictObject({
  requestsPerMinute: z.number().gt(0).optional().describe('Requests a minute. Default: no limit.'),
  tokensPerMinute: z.number().gt(0).optional().describe('Tokens a minute, input and output. Default: no limit.'),
  concurrency: count.optional().describe('Calls at the same time. Default: no limit.'),
  queue: z.int().min(0).optional().describe('Calls that may wait for their turn. Default 100; 0 = refuse at once.'),
  queueMs: duration.optional().describe('Longest wait in the queue, in milliseconds. Default 60000; 0 = no limit.'),
});

/** When a failing backend is left alone for a while. */
export const breakerSchema = z.union([
  z.literal(false),
  z.strictObject({
    failures: z.number().gt(0).max(1).optional().describe('Share of failed calls that opens the breaker. Default 0.5.'),
    windowMs: positiveDuration.optional().describe('Length of the window that is looked at, in milliseconds. Default 30000.'),
    minimumCalls: count.optional().describe('Calls in the window below which it never opens. Default 10.'),
    openMs: positiveDuration.optional().describe('How long it stays open, in milliseconds. Default 10000.'),
    probes: count.optional().describe('Calls let through to see whether the backend is well again. Default 1.'),
  }),
]);

/** Keeping answers to equal requests. */
export const cacheSchema = z.union([
  z.literal(false),
  z.strictObject({
    ttlMs: positiveDuration.optional().describe('How long an answer is kept, in milliseconds. Default 3600000.'),
    maxEntries: count.optional().describe('Answers kept at most. Default 1000.'),
    models: z.array(z.string()).optional().describe('Only these aliases or specs. Default: all.'),
    exclude: z.array(z.string()).optional().describe('Not these aliases or specs. Default: none.'),
  }),
]);

/** Everything that wraps a call. What is absent is decided by the next wider level, at last by `callDefaults`. */
export const callsSchema = z.strictObject({
  timeouts: timeoutsSchema.optional(),
  retry: retrySchema.optional(),
  limits: limitsSchema.optional(),
  breaker: breakerSchema.optional(),
  fallback: z.strictObject({
    on: z.array(z.string()).optional().describe('Error codes after which the next target of an alias is asked, instead of the default ones.'),
    midStream: z.enum(['error', 'restart']).optional().describe('What a failure after the first part does. Default error: it is thrown with what had arrived.'),
  }).optional(),
  cache: cacheSchema.optional(),
  contextGuard: z.enum(['off', 'warn', 'refuse']).optional().describe('What a request that seems too long for the model does. Default warn.'),
});

/** What wraps a call, as written at one level. */
export type CallPolicy = z.output<typeof callsSchema>;

/** What holds where no level says otherwise. Lists that are absent here (`retry.status`, `fallback.on`) belong to what reads them. */
export const callDefaults = {
  timeouts: { connectMs: 10_000, firstPartMs: 300_000, idleMs: 60_000, totalMs: 0 },
  retry: { attempts: 3, baseMs: 500, maxMs: 30_000, totalMs: 120_000 },
  limits: { queue: 100, queueMs: 60_000 },
  breaker: { failures: 0.5, windowMs: 30_000, minimumCalls: 10, openMs: 10_000, probes: 1 },
  fallback: { midStream: 'error' },
  cache: false,
  contextGuard: 'warn',
} as const satisfies CallPolicy;

/** The policy of one call: of each key, the nearest level that wrote it wins. Levels go from the nearest to the widest. */
export function nearestCallPolicy(levels: readonly (CallPolicy | undefined)[]): CallPolicy {
  const layers = [callDefaults, ...levels.toReversed()].filter((level) => level !== undefined) as Record<string, unknown>[];
  const merged: Record<string, unknown> = {};
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      const below = merged[name];
      merged[name] = isObject(below) && isObject(value) ? { ...below, ...value } : value;
    }
  }
  return merged;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
