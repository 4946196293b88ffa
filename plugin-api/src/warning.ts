/** What of a request was not honoured, said aloud instead of dropped in silence. */

/** One warning. The shapes are those of the AI SDK's language-model specification v4. */
export type Warning = FeatureWarning | DeprecatedWarning | OtherWarning;

/** A setting or feature that was left out (`unsupported`) or replaced by the nearest thing the wire can carry (`compatibility`). */
export interface FeatureWarning {
  /** `unsupported` = left out; `compatibility` = replaced. */
  readonly type: 'unsupported' | 'compatibility';
  /** Name of the request's field or of the feature, for example `topK` or `reasoning`. */
  readonly feature: string;
  /** What happened instead, in one sentence. Absent = it was left out. */
  readonly details?: string;
}

/** A setting that still works and will not for ever. */
export interface DeprecatedWarning {
  /** Tag. */
  readonly type: 'deprecated';
  /** Name of the setting. */
  readonly setting: string;
  /** What to use in its place, in one sentence. */
  readonly message: string;
}

/** Anything else a caller should know. */
export interface OtherWarning {
  /** Tag. */
  readonly type: 'other';
  /** One sentence. */
  readonly message: string;
}
