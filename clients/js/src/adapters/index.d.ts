import type { Verdict } from "../gateway.js";

/** Verdicts by purpose; one that is not there is a denial. */
export type Verdicts = Readonly<Record<string, Verdict>>;
/** The purpose of each signal by the tool's own word; one without is denied. */
export type Signals = Readonly<Record<string, string | null>>;
/** An event as its tool's servers take it. */
export type Event = Readonly<Record<string, unknown>>;

/** Return the verdict on each of these purposes. */
export function verdictsOf(
  decide: (purpose: string) => Verdict | Promise<Verdict>,
  purposes: readonly string[],
): Promise<Record<string, Verdict>>;

/** The event to send instead, or null if it must not be sent. The event given is not changed. */
type Told<T extends Event> = (T & Record<string, unknown>) | null;

/** Google's Measurement Protocol: `consent` of a body. Signals: `ad_user_data`, `ad_personalization`. */
export function forGoogle<T extends Event>(event: T, verdicts: Verdicts, purpose: string, signals: Signals): Told<T>;
/** Meta's Conversions API: whether the use of an event is limited. Signal: `limited_data_use`. */
export function forMeta<T extends Event>(
  event: T,
  verdicts: Verdicts,
  purpose: string,
  signals?: Signals,
  options?: { country?: 0 | 1; state?: 0 | 1000 },
): Told<T>;
/** Segment: `context.consent.categoryPreferences`. Signals: each category. */
export function forSegment<T extends Event>(event: T, verdicts: Verdicts, purpose: string, signals: Signals): Told<T>;
/** RudderStack: `context.consentManagement`. Signals: each consent id of any destination. */
export function forRudderstack<T extends Event>(
  event: T,
  verdicts: Verdicts,
  purpose: string,
  signals: Signals,
): Told<T>;
/** Snowplow: the entity `gdpr` in `co` of an event of the tracker protocol. */
export function forSnowplow<T extends Event>(event: T, verdicts: Verdicts, purpose: string): Told<Omit<T, "cx">>;
/** Matomo's tracking HTTP API: `consent=1` of a request's parameters. */
export function forMatomo<T extends Event>(event: T, verdicts: Verdicts, purpose: string): Told<Omit<T, "consent">>;
/** PostHog: the event itself. */
export function forPosthog<T extends Event>(event: T, verdicts: Verdicts, purpose: string): T | null;

/** The track event by which Segment hears of a changed answer. Signals: each category. */
export function segmentPreferences(
  event: Event,
  verdicts: Verdicts,
  signals: Signals,
): Record<string, unknown> | null;
/** The self-describing event by which Snowplow hears of an answer. Signals: each consent scope. */
export function snowplowPreferences(
  verdicts: Verdicts,
  signals: Signals,
  about: { notice: number; url: string; domains: readonly string[] },
): { schema: string; data: Record<string, unknown> } | null;
