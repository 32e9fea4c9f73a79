export const TOKEN_FIELD = "consent_token";
export const GPC_FIELD = "consent_gpc";
const NOTHING_SHOWN = { tokens: [], gpc: false };

/** Return the tokens in a field. What is none becomes one that is invalid: left out it would read as never asked. */
const tokensIn = (field) => [field ?? []].flat().map((text) => (typeof text === "string" ? text : ""));

const cookiesNamed = (name, header) =>
  header
    .split(/[;,]/)
    .map((pair) => pair.split(/=(.*)/s))
    .filter(([key]) => key.trim() === name)
    .map(([, value = ""]) => value.trim());

/** Return what a request shows: in its header, else in its consent cookies. `headers` are names and values. */
export const shownIn = (headers, site) => {
  const values = { "consent-token": [], cookie: [], "sec-gpc": [] };
  for (const [name, value] of headers) {
    const known = name.toLowerCase();
    if (Object.hasOwn(values, known)) values[known].push(value.trim());
  }
  const header = values["consent-token"].join(",");
  const tokens = header ? header.split(",").map((token) => token.trim()) : cookiesNamed(`consent_${site}`, values.cookie.join(";"));
  // A server that could not read a header hands it over empty: that is no absence.
  if (!tokens.length && [...values["consent-token"], ...values.cookie].includes("")) tokens.push("");
  return { tokens, gpc: values["sec-gpc"].join().split(/\s*,\s*/).includes("1") };
};

/** Return what an event is to be checked by, and the event without it; one without a token has what its request showed. */
export const take = (event, otherwise = NOTHING_SHOWN) => {
  const { [TOKEN_FIELD]: field, [GPC_FIELD]: gpc, ...plain } = event;
  const own = tokensIn(field);
  return { tokens: own.length ? own : otherwise.tokens, gpc: Boolean(gpc) || otherwise.gpc, event: plain };
};

/** Return an event that carries what its request shows, to be queued; a token that it carries already stays. */
export const stamp = (event, shown) => {
  const { tokens, gpc, event: plain } = take(event, shown);
  return { ...plain, [TOKEN_FIELD]: tokens, ...(gpc && { [GPC_FIELD]: true }) };
};

/** Check events, each by its own token, at the moment they are sent on: each without what it was checked by, with its verdict. */
export const judge = (gateway, events, purpose, { vendor = null, otherwise } = {}) =>
  Promise.all(
    events.map(async (one) => {
      const { tokens, gpc, event } = take(one, otherwise);
      return { event, verdict: await gateway.decide(tokens, purpose, { vendor, gpc }) };
    }),
  );
