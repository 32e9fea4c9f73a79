const HELD = 'script[type="text/plain"][data-consent]';

/** Return the page's Trusted Types policy for held scripts; without Trusted Types it passes text on. */
export const makePolicy = () => {
  const rules = { createScript: (text) => text, createScriptURL: (url) => url };
  try {
    return window.trustedTypes?.createPolicy("consent", rules) ?? rules;
  } catch {
    console.warn("consent: trusted-types does not list `consent`");
    return rules;
  }
};

/** Return a script that runs, like a held one that does not. */
const release = (held, policy) => {
  const script = held.cloneNode();
  script.type = held.dataset.type ?? "";
  script.nonce = held.nonce;
  script.async = held.hasAttribute("async");
  script.text = policy.createScript(held.text);
  const src = held.getAttribute("src");
  if (src !== null) script.src = policy.createScriptURL(src);
  return script;
};

/** Run a held script, once; what it returns settles when the next one may run. */
const run = (held, policy) =>
  new Promise((done) => {
    held.removeAttribute("data-consent");
    const script = release(held, policy);
    script.addEventListener("load", done);
    script.addEventListener("error", done);
    held.replaceWith(script);
    if (!script.src || script.async) done();
  });

/**
 * Return what runs the page's held scripts once they are allowed, in document order.
 *
 * Where the page gave the banner a nonce, a held script needs the same: else whoever can
 * inject markup could have us run what the page's policy forbids.
 */
export const makeGate = (allows, nonce, policy) => {
  let isRunning = false;

  const mayRun = (held) =>
    (!nonce || held.nonce === nonce) && allows(...held.dataset.consent.split(":"));
  const next = () => [...document.querySelectorAll(HELD)].find(mayRun);

  const open = async () => {
    // A script that is still being parsed may be half there.
    if (isRunning || document.readyState === "loading") return;
    isRunning = true;
    for (let held = next(); held; held = next()) await run(held, policy).catch(console.warn);
    isRunning = false;
  };

  new MutationObserver(open).observe(document, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", open);
  return open;
};
