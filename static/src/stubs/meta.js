import { LIMITED } from "../signals/meta.js";
import { once } from "../signals/once.js";

const isLimited = "__CONSENT_CONFIG__";

/*
 * Meta's snippet does nothing where `fbq` is there already, so no queue can be made for it in advance. Its first
 * call, which is `init`, reads the name: what waits goes before that.
 */
once("meta", (waiting) => {
  waiting.push(["consent", "revoke"]);
  if (isLimited) waiting.push(LIMITED);
  let fbq = window.fbq;
  const take = () => {
    if (fbq?.queue) {
      Object.defineProperty(window, "fbq", { value: fbq, writable: true });
      waiting.splice(0).forEach((call) => fbq(...call));
    }
    return fbq;
  };
  Object.defineProperty(window, "fbq", { configurable: true, enumerable: true, get: take, set: (it) => (fbq = it) });
  take();
});
