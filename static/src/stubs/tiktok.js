import { once } from "../signals/once.js";
import { callTiktok } from "../signals/tiktok.js";

once("tiktok", () => callTiktok("holdConsent"));
