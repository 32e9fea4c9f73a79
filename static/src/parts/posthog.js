import { follow } from "../signals/follow.js";
import { posthogTeller } from "../signals/posthog.js";

follow(
  "posthog",
  posthogTeller((tell) => {
    // Whatever takes over the name later gets this too.
    window.consentDefaults.posthog[1] = tell;
    window.posthog?.push?.(tell);
  }),
);
