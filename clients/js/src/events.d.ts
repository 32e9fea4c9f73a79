import type { Gateway, Verdict } from "./gateway.js";

/** The fields of an event that carry what it is checked by. */
export const TOKEN_FIELD: "consent_token";
export const GPC_FIELD: "consent_gpc";

/** What a visitor's browser showed: tokens, and whether it sent Sec-GPC. */
export interface Shown {
  readonly tokens: readonly string[];
  readonly gpc: boolean;
}

export type Event = Record<string, unknown>;

/** Return what a request shows: in its header, else in its consent cookies. */
export function shownIn(headers: Iterable<readonly [string, string]>, site: string): Shown;

/** Return what an event is to be checked by, and the event without it; one without a token has what its request showed. */
export function take(event: Event, otherwise?: Shown): Shown & { readonly event: Event };

/** Return an event that carries what its request shows, to be queued; a token that it carries already stays. */
export function stamp(event: Event, shown: Shown): Event;

/** Check events, each by its own token, at the moment they are sent on. */
export function judge(
  gateway: Pick<Gateway, "decide">,
  events: readonly Event[],
  purpose: string,
  options?: { vendor?: string | null; otherwise?: Shown },
): Promise<{ event: Event; verdict: Verdict }[]>;
