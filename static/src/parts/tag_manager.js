import { no } from "../banner/choice.js";
import { follow } from "../signals/follow.js";

// After Google's own signals, so that whatever the event triggers finds them in place.
follow("tag_manager", (stands, { optional }) => {
  const decisions = optional.map((purpose) => [purpose.id, stands[purpose.id] ? "granted" : no(purpose)]);
  const event = { event: "consent_update", decisions: Object.fromEntries(decisions) };
  (window.dataLayer = window.dataLayer || []).push(event);
});
