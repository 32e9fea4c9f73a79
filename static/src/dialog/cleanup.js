import { parentDomains } from "../banner/store.js";

const namesOfCookies = () => document.cookie.split("; ").map((pair) => pair.split("=", 1)[0]);

/** Return every path that a cookie of this page may have. */
const paths = () => {
  const steps = location.pathname.split("/");
  return steps.flatMap((_, index) => [`${steps.slice(0, index).join("/")}/`, steps.slice(0, index + 1).join("/") || "/"]);
};

const dropCookie = (name) => {
  const secure = location.protocol === "https:" ? ";Secure" : "";
  for (const domain of ["", ...parentDomains(location.hostname).map((one) => `;Domain=${one}`)])
    for (const path of paths()) document.cookie = `${name}=;Max-Age=0;Path=${path}${domain}${secure}`;
};

/** Delete what the tools of purposes that are not allowed left on this host, by the names that the notice declares. */
export const clean = (patterns, { allows, own }) => {
  for (const [purpose, pattern] of Object.entries(patterns)) {
    if (allows(purpose)) continue;
    const isMeant = (name) => !name.startsWith(own) && new RegExp(pattern).test(name);
    namesOfCookies().filter(isMeant).forEach(dropCookie);
    for (const kind of ["localStorage", "sessionStorage"])
      try {
        Object.keys(window[kind]).filter(isMeant).forEach((name) => window[kind].removeItem(name));
      } catch {
        // A page may be without storage.
      }
  }
};
