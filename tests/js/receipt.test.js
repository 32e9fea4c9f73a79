import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { valueAt, verify } from "../../static/src/receipt/verify.js";

const file = new URL("../vectors/receipts.json", import.meta.url);
const { valid, signed_by_another, forged } = JSON.parse(await readFile(file, "utf8"));

test("a genuine receipt is valid, and its contents are what was recorded", async () => {
  const { record, publication } = await verify(valid);

  assert.equal(record.number, 10);
  assert.equal(record.decisions.analytics.decision, "granted");
  assert.equal(publication.version, 2);
});

test("a key may have a plus sign in it", async () => {
  assert.match(signed_by_another.evidence.key, /\+.*\+.*\+/);
  assert.equal((await verify(signed_by_another)).record.number, 10);
});

for (const { name, receipt } of forged) {
  test(`a forged receipt is invalid: ${name}`, async () => {
    await assert.rejects(verify(receipt));
  });
}

test("base64 with other trailing bits is not taken for the same", async () => {
  const changed = structuredClone(valid);
  const { salt } = valid.evidence.record;
  const next = String.fromCharCode(salt.charCodeAt(salt.length - 2) + 1);
  changed.evidence.record.salt = `${salt.slice(0, -2)}${next}=`;

  assert.equal(atob(changed.evidence.record.salt), atob(salt));
  await assert.rejects(verify(changed));
});

test("a place in the proven contents is found by its path, or not at all", () => {
  const proven = { record: { decisions: { "ads:maps": { decision: "refused" } } }, list: [{ a: 1 }] };

  assert.equal(valueAt(proven, "record.decisions.ads:maps.decision"), "refused");
  assert.equal(valueAt(proven, "list.0.a"), 1);
  assert.equal(valueAt(proven, "record.nothing.there"), undefined);
});
