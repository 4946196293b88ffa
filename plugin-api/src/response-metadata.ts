/** What a vendor says about the response it gave. */

/** Facts about one response. Every figure is the vendor's; an absent one was not sent. */
export interface ResponseMetadata {
  /** The vendor's id of the response. */
  readonly id?: string;
  /** The model that answered, which may be another than the one asked for. Prices settle on it. */
  readonly modelId?: string;
  /** When the vendor says it made the response. */
  readonly timestamp?: Date;
  /** Headers of the HTTP answer by lower-case name. */
  readonly headers?: Readonly<Record<string, string>>;
}
