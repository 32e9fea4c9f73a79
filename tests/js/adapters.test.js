import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import * as adapters from "../../clients/js/src/adapters/index.js";

const file = new URL("../vectors/adapters.json", import.meta.url);
const { verdicts, cases } = JSON.parse(await readFile(file, "utf8"));
const ARGUMENTS = ["event", "verdicts", "purpose", "signals"];

const inCamelCase = (name) => name.replace(/_(\w)/g, (_, letter) => letter.toUpperCase());

for (const one of cases)
  test(`a tool is told as the vector says: ${one.name}`, () => {
    const given = { ...one, verdicts: verdicts[one.verdicts] };
    const before = structuredClone(given);

    const values = ARGUMENTS.filter((name) => name in given).map((name) => given[name]);
    const told = adapters[inCamelCase(one.adapter)](...values, ...(one.options ? [one.options] : []));

    assert.deepEqual(told, one.expected);
    assert.deepEqual(given, before);
  });

test("purposes are asked about by what decides, soon or at once", async () => {
  const decide = async (purpose) => verdicts.analytics[purpose];

  const found = await adapters.verdictsOf(decide, ["analytics", "marketing"]);

  assert.deepEqual(found, { analytics: verdicts.all.analytics, marketing: verdicts.nothing.marketing });
});
