/** A program that uses the gateway as its types say. */
import { judge, shownIn, stamp, type Event } from "../../clients/js/src/events.js";
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
  gateway.close();
  return allowed && wrong ? reason : "missing";
};

export const queueOf = (events: Event[], headers: Map<string, string>): Event[] =>
  events.map((event) => stamp(event, shownIn(headers, "shop")));

export const sendOn = async (queue: Event[]): Promise<Event[]> => {
  const judged = await judge(gateway, queue, "analytics", { vendor: "matomo" });
  return judged.filter(({ verdict }) => verdict.allowed).map(({ event }) => event);
};
