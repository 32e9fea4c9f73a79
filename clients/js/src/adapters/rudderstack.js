import { allows, isEmpty, standing, withContext } from "./verdicts.js";

/** Return an event that lists each consent id as allowed or denied. */
export const forRudderstack = (event, verdicts, purpose, signals) => {
  if (isEmpty(signals) || !allows(verdicts, purpose)) return null;
  const stands = Object.entries(standing(signals, verdicts));
  const told = {
    provider: "custom",
    resolutionStrategy: "and",
    allowedConsentIds: stands.filter(([, isOn]) => isOn).map(([id]) => id),
    // Only these are filtered by.
    deniedConsentIds: stands.filter(([, isOn]) => !isOn).map(([id]) => id),
  };
  return withContext(event, { consentManagement: told });
};
