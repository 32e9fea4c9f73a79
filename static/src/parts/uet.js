import { follow, worded } from "../signals/follow.js";
import { tellUet } from "../signals/uet.js";

follow("uet", (signals) => tellUet("update", worded(signals)));
