// A gated tag: the banner runs it once "marketing" is allowed, and not before.

import { report } from "/send.js";

report("The marketing tag", "ad_landing", "marketing");
