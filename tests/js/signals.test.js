import assert from "node:assert/strict";
import { test } from "node:test";

import { hasGpc } from "../../static/src/banner/signals.js";

test("Global Privacy Control is on only where the browser says so", () => {
  assert.equal(hasGpc({ globalPrivacyControl: true }), true);
  assert.equal(hasGpc({ globalPrivacyControl: false }), false);
  assert.equal(hasGpc({ globalPrivacyControl: "1" }), false);
  assert.equal(hasGpc({}), false);
});
