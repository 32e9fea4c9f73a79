// What a page written in TypeScript does with the API; it has to pass the compiler, and the marked lines must not.
import type { Consent, Decisions } from "../../static/src/consent.js";

window.consent ||= [];
window.consent.push((consent: Consent) => {
  const isOn: boolean = consent.allows("marketing", "tube");
  const stop = consent.on("change", ({ decisions }) => console.log(decisions.analytics === "granted", isOn));
  consent.set({ analytics: true, "marketing:tube": false });
  consent.record()?.receipt.startsWith("https://");
  // @ts-expect-error a decision is true or false
  consent.set({ analytics: "granted" });
  // @ts-expect-error there is one event
  consent.on("changed", () => undefined);
  stop();
});

document.addEventListener("consent:change", ({ detail }) => {
  const decisions: Decisions = detail.decisions;
  console.log(Object.keys(decisions));
});
