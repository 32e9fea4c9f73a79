import { matomoCalls } from "../signals/matomo.js";
import { once } from "../signals/once.js";

const required = "__CONSENT_CONFIG__";

once("matomo", () => matomoCalls().push([required]));
