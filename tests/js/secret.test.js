import assert from "node:assert/strict";
import { test } from "node:test";

import { randomHex } from "../../static/src/banner/secret.js";

test("a secret is 128 bits as 32 hexadecimal digits", () => {
  for (let turn = 0; turn < 100; turn++) assert.match(randomHex(), /^[0-9a-f]{32}$/);
});

test("no two secrets are the same", () => {
  const made = Array.from({ length: 1000 }, randomHex);

  assert.equal(new Set(made).size, made.length);
});
