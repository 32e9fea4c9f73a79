/*
 * The stage of a replay. The banner's own script runs on it after this one, before the visitor's cookie and at
 * the visitor's moment; nothing is kept, nothing is sent, and no button does anything.
 */
const { script, cookie, gpc, layer, now } = JSON.parse(document.documentElement.dataset.stage);

const fix = (target, name, value) => Object.defineProperty(target, name, { get: () => value, set: () => {} });

fix(document, "currentScript", { src: script, nonce: "" });
fix(document, "cookie", cookie);
fix(window, "localStorage", {});
fix(window, "sessionStorage", {});
fix(navigator, "locks", undefined);
fix(navigator, "globalPrivacyControl", gpc);
Date.now = () => now;

const stop = (event) => {
  event.preventDefault();
  event.stopImmediatePropagation();
};
for (const type of ["click", "auxclick", "submit"]) addEventListener(type, stop, true);
addEventListener("keydown", (event) => event.key === "Escape" && stop(event), true);

if (layer === "dialog") addEventListener("DOMContentLoaded", () => window.consent.open());
