import { gtag } from "../signals/google.js";
import { once } from "../signals/once.js";

const told = "__CONSENT_CONFIG__";

once("google", () => {
  gtag("consent", "default", told.default);
  told.set.forEach((name) => gtag("set", name, true));
});
