import { allows, standing } from "./verdicts.js";

const KINDS = ["ad_user_data", "ad_personalization"];

/** Return a Measurement Protocol body that says what Google may do with it: both kinds, in capitals. */
export const forGoogle = (event, verdicts, purpose, signals) => {
  // There is no word for analytics.
  if (!allows(verdicts, purpose)) return null;
  const stands = standing(signals, verdicts);
  const words = KINDS.map((kind) => [kind, stands[kind] === true ? "GRANTED" : "DENIED"]);
  return { ...event, consent: Object.fromEntries(words) };
};
