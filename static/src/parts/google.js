import { follow, worded } from "../signals/follow.js";
import { gtag } from "../signals/google.js";

follow("google", (signals) => gtag("consent", "update", worded(signals)));
