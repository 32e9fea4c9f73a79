/** Return which of a tool's signals stand: those whose purpose is allowed. One without a purpose never does. */
export const standing = (signals, allows) =>
  Object.fromEntries(Object.entries(signals).map(([signal, purpose]) => [signal, !!purpose && allows(purpose)]));

/** Return the same in words. */
export const worded = (signals, yes = "granted", no = "denied") =>
  Object.fromEntries(Object.entries(signals).map(([signal, isOn]) => [signal, isOn ? yes : no]));

/**
 * Return what sends a tool its signals, the denied ones too, once the visitor's state is known and when it changes.
 *
 * It is known once there is an answer, and where something is allowed without one. A tool that stores what it is
 * told (`isKept`) hears of answers only.
 */
export const makeTeller = ({ config, api, asked }, signals, send, isKept) => {
  let sent;
  return () => {
    const { optional } = config;
    const isAnswered = asked().length < optional.length;
    const isKnown = isAnswered || (!isKept && optional.some(({ id }) => api.allows(id)));
    const stands = standing(signals, api.allows);
    const said = JSON.stringify(stands);
    if ((!sent && !isKnown) || sent === said) return;
    sent = said;
    send(stands, config);
  };
};

/** Add a part: send what the configuration has under this name. */
export const follow = (name, send, isKept) =>
  parts.push((site) => {
    const tell = makeTeller(site, site.config[name], send, isKept);
    tell();
    site.api.on("change", tell);
  });

/** Act now if the tool is there; else once the page has loaded, if it is there then. */
export const whenThere = (find, act) => {
  const isThere = () => find() && (act(), true);
  if (!isThere()) addEventListener("load", isThere, { once: true });
};
