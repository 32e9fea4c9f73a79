import { once } from "../signals/once.js";
import { onceStarted } from "../signals/posthog.js";

// Whatever it was started with, it sends and keeps nothing by default.
const deny = onceStarted((posthog) =>
  posthog.set_config({ opt_out_capturing_by_default: true, opt_out_persistence_by_default: true }),
);

/*
 * A queue that PostHog's snippet finds is kept, one that its loader finds is not, and its library takes the name over in
 * the end: each is handed what waits.
 */
once("posthog", (waiting) => {
  waiting.push(deny);
  let posthog = window.posthog;
  const take = (it) => {
    posthog = it;
    waiting.forEach((act) => it?.push?.(act));
  };
  Object.defineProperty(window, "posthog", { configurable: true, enumerable: true, get: () => posthog, set: take });
  take(posthog);
});
