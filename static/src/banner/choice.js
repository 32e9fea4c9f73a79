/*
 * An answer is what this browser knows: `tokens` (null for one it cannot read), the `queue` of choices
 * not recorded yet, whether Global Privacy Control is on, and the time in seconds; where purposes run before
 * anybody is asked, also `stands`, which tells a token that answers from one that does not.
 */

/** Tell whether a bit of a mask is set; masks may be wider than JavaScript's own operators. */
export const hasBit = (mask, bit) => Math.floor(mask / 2 ** bit) % 2 === 1;
const isGrant = ([, , granted]) => granted;

/** Return the tokens to judge a purpose by; a choice not recorded yet counts as one. */
const inForce = ({ id, bit }, { tokens, queue }) => {
  const body = queue.map((item) => item.body).filter(({ decisions }) => decisions[id]).pop();
  if (!body) return tokens;
  const exceptions = tokens.flatMap((token) => token?.exceptions ?? []);
  return [
    {
      notice: body.notice,
      allowed: body.decisions[id] === "granted" ? 2 ** bit : 0,
      exceptions: exceptions.filter((exception) => !isGrant(exception)),
      gpc: body.gpc,
      expires: Infinity,
    },
  ];
};

const stands = (token, { since }, { now }) => token && token.expires > now && token.notice >= since;

const permits = ({ allowed, exceptions }, { bit }, vendor) => {
  const own = exceptions.filter((one) => one[0] === bit && (!vendor || one[1] === vendor.number));
  return vendor && own.length ? own.every(isGrant) : hasBit(allowed, bit) && own.every(isGrant);
};

/** Return what a choice not recorded yet says of a vendor itself, if it does. */
const waitingException = ({ id }, vendor, { queue }) => {
  const name = `${id}:${vendor?.id}`;
  const bodies = queue.map(({ body }) => body);
  return bodies.filter(({ decisions, vendors }) => decisions[id] || vendors?.[name]).pop()?.vendors?.[name];
};

/** Tell whether a purpose, or one vendor in it, may run: the check rule as far as a browser can. */
export const allows = (purpose, vendor, answer) => {
  if (purpose.basis === "exempt") return true;
  const waiting = waitingException(purpose, vendor, answer);
  if (waiting) return waiting === "granted";
  const tokens = inForce(purpose, answer);
  const hasSeenGpc = tokens.length && tokens.every((token) => token?.gpc);
  if (answer.gpc && purpose.sells && !hasSeenGpc) return false;
  if (!tokens.length) return purpose.basis === "objection";
  return tokens.every((token) => stands(token, purpose, answer) && permits(token, purpose, vendor));
};

/** Return the purposes to ask about: those without a decision that still stands. */
export const undecided = (purposes, answer) =>
  purposes.filter((purpose) => {
    const tokens = inForce(purpose, answer);
    return !tokens.length || !tokens.every((token) => (answer.stands ?? stands)(token, purpose, answer));
  });

/** Return the word for a no to a purpose. */
export const no = ({ basis }) => (basis === "objection" ? "objected" : "refused");

/**
 * Return the decisions that a visitor makes about the purposes shown.
 *
 * Leaving alone what is allowed until somebody says no decides nothing, and needs no identifier.
 */
export const decide = (purposes, wants, answer) => {
  const isLeftAlone = (purpose) =>
    (answer.stands || purpose.basis === "objection") && wants(purpose) && allows(purpose, null, answer);
  const made = purposes.filter((purpose) => !isLeftAlone(purpose));
  return Object.fromEntries(
    (made.length ? made : purposes).map((purpose) => [purpose.id, wants(purpose) ? "granted" : no(purpose)]),
  );
};

/** Return the decision in force about each purpose, as the records word it. */
export const decisionsOf = (purposes, answer) =>
  Object.fromEntries(
    purposes.map((purpose) => [purpose.id, allows(purpose, null, answer) ? "granted" : no(purpose)]),
  );

/** Return each no in force that was said, rather than merely not said yes. */
export const refusals = (purposes, answer) => {
  const open = undecided(purposes, answer);
  const said = purposes.filter((purpose) => !open.includes(purpose));
  const decisions = Object.entries(decisionsOf(said, { ...answer, gpc: false }));
  return Object.fromEntries(decisions.filter(([, decision]) => decision !== "granted"));
};

/** Tell whether decisions need a secret: a no needs no identifier. */
export const grants = (...decisions) => decisions.some((made) => Object.values(made).includes("granted"));

/** Return the body of a choice; a field without value is left out of its JSON. */
export const bodyOf = (
  { notice, locale, regime },
  decisions,
  answer,
  { key, vendors, secret, how, layout },
) => ({
  key,
  notice,
  decisions,
  vendors,
  how,
  locale,
  regime,
  layout,
  secret,
  after: newestNumber(answer.tokens),
  gpc: answer.gpc || undefined,
  made_at: `${new Date(answer.now * 1000).toISOString().slice(0, 19)}Z`,
});

/** Return the number of the newest record this browser knows of, if any. */
export const newestNumber = (tokens) => {
  const numbers = tokens.map((token) => token?.number).filter(Number.isInteger);
  return numbers.length ? Math.max(...numbers) : undefined;
};
