/** What a wire log or a recorder sees of an exchange: the request, the head, each chunk, the end. */

/** One request as it is about to be sent, credentials included: an observer redacts before it keeps anything. */
export interface ObservedRequest {
  readonly backend: string;
  readonly callId: string;
  readonly attempt: number;
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Absent = no body, or one that streams and is read only once. */
  readonly body?: string | Uint8Array;
  /** Takes this backend's secrets out of a text. */
  readonly redact: (text: string) => string;
}

/** Follows one exchange. Each method is called in the order written, the last two exclude each other. */
export interface ExchangeFollower {
  response(status: number, headers: Readonly<Record<string, string>>): void;
  /** One chunk as the wire delivered it, content encoding undone. */
  chunk(bytes: Uint8Array): void;
  end(): void;
  /** The exchange broke off: an error, an abort, or a reader that left. */
  failed(reason: unknown): void;
}

/** Something that follows exchanges. Must not throw. */
export interface ExchangeObserver {
  request(request: ObservedRequest): ExchangeFollower;
}

/** One follower out of several. */
export function followAll(observers: readonly ExchangeObserver[], request: ObservedRequest): ExchangeFollower {
  const followers = observers.map((observer) => observer.request(request));
  return {
    response: (status, headers) => { for (const follower of followers) follower.response(status, headers); },
    chunk: (bytes) => { for (const follower of followers) follower.chunk(bytes); },
    end: () => { for (const follower of followers) follower.end(); },
    failed: (reason) => { for (const follower of followers) follower.failed(reason); },
  };
}
