/** A backend as a config writes it, as far as these tests do. */
export interface BackendConfigInput {
  readonly plugin?: string;
  readonly adapter?: string;
  readonly export?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly secrets?: Readonly<Record<string, unknown>>;
}
