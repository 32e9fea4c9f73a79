import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const STRICT = ["--strict", "--noEmit", "--target", "es2020", "--module", "nodenext", "--lib", "es2020,dom"];

for (const program of ["page.ts", "gateway.ts"])
  test(`${program} compiles against the types, and what they forbid does not`, () => {
    const tsc = here("../../node_modules/typescript/bin/tsc");

    const said = execFileSync(process.execPath, [tsc, ...STRICT, here(program)], { encoding: "utf8" });

    assert.equal(said, "");
  });
