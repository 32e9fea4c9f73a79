import { allows, without } from "./verdicts.js";

const OPTIONS = "data_processing_options";
const COUNTRY = `${OPTIONS}_country`;
const STATE = `${OPTIONS}_state`;

/** Return a server event whose use is limited unless what sells is allowed. */
export const forMeta = (event, verdicts, purpose, signals = {}, { country = 0, state = 0 } = {}) => {
  // Meta's servers do not know what the pixel was told.
  if (!allows(verdicts, purpose)) return null;
  const sells = signals.limited_data_use;
  if (sells === undefined || sells === null) return { ...event };
  const kept = without(event, [OPTIONS, COUNTRY, STATE]);
  if (allows(verdicts, sells)) return { ...kept, [OPTIONS]: [] };
  return { ...kept, [OPTIONS]: ["LDU"], [COUNTRY]: country, [STATE]: state };
};
