import { IN_FORCE, SETTLING_SECONDS, SUPERSEDED } from "./state.js";

const allow = (reason) => ({ allowed: true, reason });
const deny = (reason) => ({ allowed: false, reason });

/** Tell whether a bit of a mask is set; masks may be wider than JavaScript's own operators. */
const hasBit = (mask, bit) => ((BigInt(mask) >> BigInt(bit)) & 1n) === 1n;

/** Whoever names no vendor may be about to fire any of them. */
const isSuspended = ({ suspended }, { id, vendors }, vendor) =>
  suspended.has(id) || (vendor === null ? vendors : [vendor]).some((one) => suspended.has(`:${one}`));

/** Tell whether a token names an entry that the ledger should have and has not. */
const isBeyond = (state, { number, issued }, now) =>
  number !== null && number >= state.size && Math.max(state.asOf - issued, issued - now) > SETTLING_SECONDS;

const isGranted = ({ allowed, exceptions }, { vendors }, { bit }, vendor) => {
  const decided = new Map(exceptions.filter((one) => one[0] === bit).map(([, number, granted]) => [number, granted]));
  const byPurpose = hasBit(allowed, bit);
  if (vendor !== null) return decided.get(vendors[vendor]) ?? byPurpose;
  return byPurpose && [...decided.values()].every(Boolean);
};

const byToken = (state, token, asked, now, vendor) => {
  if (!token || isBeyond(state, token, now)) return deny("invalid");
  if (now >= token.expires) return deny("expired");
  if (token.notice < asked.since) return deny("outdated");
  if (token.number === null) return hasBit(token.allowed, asked.bit) ? allow("default") : deny("refused");
  // A token younger than the state is vouched for by its signature.
  const status = token.number < state.size ? state.status(token.number) : IN_FORCE;
  if (status !== IN_FORCE) return deny(status === SUPERSEDED ? "superseded" : "withdrawn");
  if (isGranted(token, state.terms, asked, vendor)) return allow("granted");
  return deny(asked.basis === "objection" ? "objected" : "refused");
};

/**
 * Decide whether a purpose, or a vendor in it, may run; the first line of the check rule that applies.
 *
 * `token` is what the reader made of it, null if it is none of ours, and undefined if none was shown.
 */
export const check = (state, token, purpose, now, { vendor = null, gpc = false } = {}) => {
  const { terms } = state;
  const asked = terms && Object.hasOwn(terms.purposes, purpose) ? terms.purposes[purpose] : null;
  if (!asked || (vendor !== null && !asked.vendors.includes(vendor))) return deny("unknown");
  if (asked.basis === "exempt") return allow("necessary");
  if (isSuspended(state, asked, vendor)) return deny("suspended");
  if (!(now - state.asOf <= state.maxStaleSeconds)) return deny("stale");
  const read = token && token.site === state.site ? token : null;
  if (gpc && asked.sells && !read?.gpc) return deny("signal");
  if (token === undefined) return asked.basis === "objection" ? allow("uncontested") : deny("missing");
  return byToken(state, read, asked, now, vendor);
};

/** Decide by several tokens (duplicate cookies): all must allow. */
export const checkAll = (state, tokens, ...asked) => {
  let verdict = check(state, tokens[0], ...asked);
  for (const token of tokens.slice(1)) if (verdict.allowed) verdict = check(state, token, ...asked);
  return verdict;
};
