import { follow } from "../signals/follow.js";
import { callTiktok } from "../signals/tiktok.js";

follow("tiktok", ({ consent }) => callTiktok(consent ? "grantConsent" : "revokeConsent"));
