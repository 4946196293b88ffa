/** Whether a backend answers, and if not, what to do about it. */

/** Result of a free, bounded check. `unknown` = the vendor offers nothing free to ask. */
export type Health = Healthy | Unhealthy | UnknownHealth;

/** The backend answers. */
export interface Healthy {
  /** Tag. */
  readonly status: 'healthy';
  /** Version of the server, where it says one. */
  readonly version?: string;
  /** What it runs on (`cpu`, `cuda:0`, `metal`), where it says so. */
  readonly device?: string;
}

/** The backend does not answer as it should. */
export interface Unhealthy {
  /** Tag. */
  readonly status: 'unhealthy';
  /** What was found, in one sentence. */
  readonly reason: string;
  /** What a person should do, best as one command. */
  readonly remedy?: string;
}

/** Nothing free to ask. */
export interface UnknownHealth {
  /** Tag. */
  readonly status: 'unknown';
}
