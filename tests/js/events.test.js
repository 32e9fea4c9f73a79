import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { judge, shownIn, stamp, take } from "../../clients/js/src/events.js";

const { requests, events } = JSON.parse(await readFile(new URL("../vectors/events.json", import.meta.url), "utf8"));
const request = { tokens: ["request"], gpc: true };

for (const { name, headers, tokens, gpc } of requests)
  test(`a request shows ${name}`, () => assert.deepEqual(shownIn(headers, "shop"), { tokens, gpc }));

for (const { name, event, tokens, gpc } of events)
  test(`an event is checked by ${name}, and is rid of it`, () => {
    assert.deepEqual(take(event, request), { tokens, gpc, event: { name: "view" } });
    assert.deepEqual(take(stamp(event, request)), { tokens, gpc, event: { name: "view" } });
  });

test("each event of a batch is checked by its own token and signal", async () => {
  const asked = [];
  const gateway = {
    decide: async (tokens, purpose, options) => {
      asked.push([tokens, purpose, options]);
      return { allowed: tokens[0] === "yes", reason: "granted" };
    },
  };

  const judged = await judge(gateway, [{ n: 1, consent_token: "yes" }, { n: 2, consent_gpc: true }], "marketing", { vendor: "ads" });

  assert.deepEqual(asked, [
    [["yes"], "marketing", { vendor: "ads", gpc: false }],
    [[], "marketing", { vendor: "ads", gpc: true }],
  ]);
  assert.deepEqual(judged.map(({ event, verdict }) => [event, verdict.allowed]), [
    [{ n: 1 }, true],
    [{ n: 2 }, false],
  ]);
});
