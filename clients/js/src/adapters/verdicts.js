/** Return the verdict on each of these purposes. */
export const verdictsOf = async (decide, purposes) =>
  Object.fromEntries(await Promise.all(purposes.map(async (purpose) => [purpose, await decide(purpose)])));

/** Tell whether a purpose is allowed: what nobody asked about is not. */
export const allows = (verdicts, purpose) =>
  typeof purpose === "string" && Object.hasOwn(verdicts, purpose) && verdicts[purpose].allowed === true;

/** Return which signals stand: those whose purpose is allowed. */
export const standing = (signals, verdicts) =>
  Object.fromEntries(Object.entries(signals).map(([signal, purpose]) => [signal, allows(verdicts, purpose)]));

/** Tell whether nothing is mapped. */
export const isEmpty = (signals) => Object.keys(signals).length === 0;

/** Return an object without these fields. */
export const without = (object, names) =>
  Object.fromEntries(Object.entries(object).filter(([name]) => !names.includes(name)));

/** Tell whether JSON has an object here. */
export const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

/** Return an event with these values in its context, whatever it said there. */
export const withContext = (event, values) => ({
  ...event,
  context: { ...(isObject(event.context) && event.context), ...values },
});
