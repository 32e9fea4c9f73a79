import assert from "node:assert/strict";
import { test } from "node:test";

import { newKey, randomHex } from "../../static/src/banner/random.js";

test("a secret has 128 bits as hexadecimal digits, and is never the same", () => {
  const made = Array.from({ length: 100 }, () => randomHex());

  for (const text of made) assert.match(text, /^[0-9a-f]{32}$/);
  assert.equal(new Set(made).size, made.length);
});

for (const at of [0, 1_000, 1_790_000_000_999, 2 ** 32 * 1000 - 1])
  test(`a key begins with its second, ${at} ms after 1970, and is never the same`, (t) => {
    t.mock.timers.enable({ apis: ["Date"], now: at });

    const made = [newKey(), newKey()];

    for (const key of made) {
      assert.match(key, /^[0-9a-f]{32}$/);
      assert.equal(parseInt(key.slice(0, 8), 16), Math.floor(at / 1000));
    }
    assert.notEqual(...made);
  });
