/** Return the queue of calls to Matomo, or what stands in for it once Matomo is there. */
export const matomoCalls = () => (window._paq = window._paq || []);

/**
 * Return what tells Matomo of consent: to all that it sends, or to its cookies alone.
 *
 * What it once remembered by itself (`isRemembered`) is taken back too.
 */
export const matomoTeller = (findCalls, isRemembered) => {
  let given;
  let wasDenied = false;
  return ({ consent, cookies }) => {
    const calls = findCalls();
    const kind = consent === undefined ? "CookieConsent" : "Consent";
    const isWaiting = Array.isArray(calls) && calls.includes(given);
    // It takes a yes before all else that waits, a later no included: what it has not heard yet is not said.
    if (isWaiting) calls.splice(calls.indexOf(given), 1);
    if (consent ?? cookies) {
      // On a yes it sends all that this page tracked, also while that was refused.
      if (consent && wasDenied) return;
      calls.push((given = [`set${kind}Given`]));
    } else {
      if ((given && !isWaiting) || isRemembered()) calls.push([`forget${kind}Given`]);
      given = undefined;
      wasDenied = true;
    }
  };
};
