import { once } from "../signals/once.js";
import { tellUet } from "../signals/uet.js";

once("uet", () => tellUet("default", { ad_storage: "denied" }));
