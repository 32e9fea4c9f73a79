/** What a page sees of the consent banner, once its script has run. */
export interface Consent {
  /** Settles at once: who has this object has an answer. */
  readonly ready: Promise<Consent>;
  /** Whether a purpose, or one vendor in it, may run, as far as a browser can know. */
  allows(purpose: string, vendor?: string): boolean;
  /** The token to send along with events, or null while there is none. */
  token(): string | null;
  /** The newest record that this browser knows of, and where its receipt is; null without one. */
  record(): { number: number; receipt: string } | null;
  /** Open the settings. */
  open(): Promise<void>;
  /** Decide for the visitor, who said so elsewhere; keys are `purpose` or `purpose:vendor`. */
  set(wants: Record<string, boolean>): void;
  /** Say no to everything that asks. */
  withdraw(): void;
  /** Hear of changes, a first no among them; returns what ends it. */
  on(event: "change", listener: (detail: { decisions: Decisions }) => void): () => void;
  /** Call this function with the API, at once. */
  push(call: (consent: Consent) => void): void;
}

/** The decision in force about each purpose that asks. */
export type Decisions = Record<string, "granted" | "refused" | "objected">;

declare global {
  interface Window {
    /** An array of functions until the script is here, which then calls them. */
    consent: Consent | Array<(consent: Consent) => void>;
  }
  interface DocumentEventMap {
    "consent:change": CustomEvent<{ decisions: Decisions }>;
  }
}
