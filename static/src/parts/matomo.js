import { follow } from "../signals/follow.js";
import { matomoCalls, matomoTeller } from "../signals/matomo.js";

follow(
  "matomo",
  matomoTeller(matomoCalls, () => /\bmtm_(cookie_)?consent=/.test(document.cookie)),
);
