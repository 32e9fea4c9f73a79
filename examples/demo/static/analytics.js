// A gated tag: the banner runs it once "analytics" is allowed, and not before.

import { report } from "/send.js";

report("The analytics tag", "page_view", "analytics");
