import { allows, without } from "./verdicts.js";

/** Return a request's parameters for Matomo, with `consent=1` if somebody did consent. */
export const forMatomo = (event, verdicts, purpose) => {
  if (!allows(verdicts, purpose)) return null;
  const kept = without(event, ["consent"]);
  return verdicts[purpose].reason === "granted" ? { ...kept, consent: 1 } : kept;
};
