/** A program that uses the gateway as its types say. */
import { judge, shownIn, stamp, type Event } from "../../clients/js/src/events.js";
import { forGoogle, forMatomo, forMeta, forSnowplow, snowplowPreferences, verdictsOf } from "../../clients/js/src/adapters/index.js";
import { Gateway, type Reason, type Verdict } from "../../clients/js/src/gateway.js";

const gateway = new Gateway("https://consent.example", "shop", {
  maxStaleSeconds: 30,
  onVerdict: (purpose: string, { reason }: Verdict) => console.log(purpose, reason),
});

export const mayFire = async (tokens: readonly string[]): Promise<Reason> => {
  await gateway.start();
  const { allowed, reason } = await gateway.decide(tokens, "analytics", { vendor: "matomo", gpc: true });
  await gateway.decide(null, "analytics");
  // @ts-expect-error: a purpose is asked about, always.
  await gateway.decide("token");
  // @ts-expect-error: a verdict is no boolean.
  const wrong: boolean = gateway.decide("token", "analytics");
  gateway.forwarded("analytics");
  await gateway.report();
  await gateway.close();
  return allowed && wrong ? reason : "missing";
};

export const queueOf = (events: Event[], headers: Map<string, string>): Event[] =>
  events.map((event) => stamp(event, shownIn(headers, "shop")));

export const sendOn = async (queue: Event[]): Promise<Event[]> => {
  const judged = await judge(gateway, queue, "analytics", { vendor: "matomo" });
  return judged.filter(({ verdict }) => verdict.allowed).map(({ event }) => event);
};

export const told = async (token: string): Promise<unknown[]> => {
  const verdicts = await verdictsOf((purpose) => gateway.decide(token, purpose), ["analytics", "marketing"]);
  const body = forGoogle({ client_id: "1.2" }, verdicts, "analytics", { ad_user_data: "marketing", ad_personalization: null });
  // @ts-expect-error: it may be that nothing is to be sent.
  const id: string = body.client_id;
  // @ts-expect-error: Google's kinds have to be mapped.
  forGoogle({}, verdicts, "analytics");
  // @ts-expect-error: a purpose is no verdict.
  forMatomo({}, { analytics: true }, "analytics");
  const about = { notice: 3, url: "https://shop.example/privacy", domains: ["shop.example"] };
  const answer = snowplowPreferences(verdicts, { ads: "marketing" }, about);
  const event = forSnowplow({ e: "pv", cx: "e30" }, verdicts, "analytics");
  return [id, body?.client_id, answer?.schema, event?.e, forMeta({}, verdicts, "marketing", {}, { country: 1, state: 1000 })];
};
