import { allows } from "./verdicts.js";

/** Return an event as it is, or null, also if it was captured without cookies. */
export const forPosthog = (event, verdicts, purpose) => (allows(verdicts, purpose) ? { ...event } : null);
