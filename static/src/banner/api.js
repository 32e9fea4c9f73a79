/** Return what pages see as `window.consent`. */
export const makeApi = (own) => {
  const on = (event, listener) => {
    const listen = ({ detail }) => listener(detail);
    document.addEventListener(`consent:${event}`, listen);
    return () => document.removeEventListener(`consent:${event}`, listen);
  };
  const api = { ...own, on };
  return { ...api, ready: Promise.resolve(api), push: (call) => call(api) };
};

/** Publish it, and run what the page pushed to `window.consent` before the script was here. */
export const publish = (api) => {
  const waiting = window.consent;
  window.consent = api;
  if (Array.isArray(waiting)) waiting.forEach(api.push);
};
