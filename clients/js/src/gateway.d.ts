/** Why a check was decided as it was; see docs/http.md of the service. */
export type Reason =
  | "unknown"
  | "necessary"
  | "suspended"
  | "stale"
  | "signal"
  | "missing"
  | "uncontested"
  | "invalid"
  | "expired"
  | "outdated"
  | "default"
  | "withdrawn"
  | "superseded"
  | "granted"
  | "refused"
  | "objected";

/** The answer of a check. */
export interface Verdict {
  readonly allowed: boolean;
  readonly reason: Reason;
}

export interface Options {
  /** How often the service is asked for changes; 200 unless said otherwise. */
  pollMilliseconds?: number;
  /** How long to go on deciding without an answer of the service; 60 unless said otherwise. */
  maxStaleSeconds?: number;
  /** Hears each verdict; it is never told a token. */
  onVerdict?: (purpose: string, verdict: Verdict) => void;
  /** The name under which what is decided is reported; nothing is without one. */
  name?: string;
  /** An API key of the site, to report with. */
  apiKey?: string;
  /** How often it is reported; 10000 unless said otherwise, 30000 at most. */
  reportMilliseconds?: number;
  /** Used instead of the global one. */
  fetch?: typeof fetch;
}

/** Decides for one site by what the service last said of it; denies whatever it is not sure of. */
export class Gateway {
  constructor(url: string, site: string, options?: Options);
  /** Follow in the background from now on; settles once the service answered for the first time. */
  start(): Promise<void>;
  /** Stop following; settles once what is left was reported, if it could be. */
  close(): Promise<void>;
  /** Report what was decided, now; rejects if it perhaps was not taken: it is reported again with the next. */
  report(): Promise<void>;
  /** Count events that were passed on, to be compared with what was allowed. */
  forwarded(purpose: string, times?: number): void;
  /** Take in what is new, now. In workers, where nothing runs between requests, this is all there is. */
  poll(): Promise<void>;
  /** Decide whether a purpose, or a vendor in it, may run. Of several tokens all must allow. */
  decide(
    token: string | readonly string[] | null | undefined,
    purpose: string,
    options?: { vendor?: string | null; gpc?: boolean },
  ): Promise<Verdict>;
}
