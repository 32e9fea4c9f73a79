import { allows, isEmpty, standing, withContext } from "./verdicts.js";

const UPDATED = "Segment Consent Preference Updated";

const consentOf = (verdicts, signals) => ({ categoryPreferences: standing(signals, verdicts) });

/** Return an event that names each of Segment's categories as allowed or not. */
export const forSegment = (event, verdicts, purpose, signals) => {
  // Without the object an event flows everywhere.
  if (isEmpty(signals) || !allows(verdicts, purpose)) return null;
  return withContext(event, { consent: consentOf(verdicts, signals) });
};

/** Return the track event by which Segment hears of a changed answer, a no too. */
export const segmentPreferences = (event, verdicts, signals) => {
  if (isEmpty(signals)) return null;
  const who = ["userId", "anonymousId"].filter((name) => Object.hasOwn(event, name)).map((name) => [name, event[name]]);
  const context = { consent: consentOf(verdicts, signals) };
  return { ...Object.fromEntries(who), type: "track", event: UPDATED, context };
};
