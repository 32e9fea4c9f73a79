import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { allows } from "../../static/src/banner/choice.js";
import { findPurpose, findVendor } from "../../static/src/banner/config.js";
import { readToken } from "../../static/src/banner/token.js";

const file = new URL("../vectors/checks.json", import.meta.url);
const { states, cases } = JSON.parse(await readFile(file, "utf8"));

/* A browser has no keys, no status bits, and asks nobody before a tag may run. */
const UNSEEN = ["invalid", "stale", "suspended", "withdrawn", "superseded"];

const listed = (things) => Object.entries(things).map(([id, thing]) => ({ id, ...thing }));

const isAllowed = ({ site, notice }, { purpose, vendor, tokens, gpc, now }) => {
  const config = { purposes: listed(notice.purposes), vendors: notice.vendors };
  const found = findPurpose(config, purpose, vendor);
  const answer = { tokens: tokens.map((text) => readToken(text, site)), queue: [], gpc, now };
  return !!found && allows(found, findVendor(config, vendor), answer);
};

for (const one of cases) {
  const state = states[one.state];
  if (!state.notice || UNSEEN.includes(one.reason)) continue;
  test(`as the check rule has it: ${one.name}`, () => {
    assert.equal(isAllowed(state, one), one.allowed);
  });
}
