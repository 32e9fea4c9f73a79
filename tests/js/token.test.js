import assert from "node:assert/strict";
import { test } from "node:test";

import { newestText, readToken } from "../../static/src/banner/token.js";

// Signed by consent.domain.tokens.TokenSigner.
const NUMBERED =
  "Qu_HaRgi.mKRzaG9wzbxVAwqSkwLNASzCkwIDw8POa0nSAM5sOcMA.MoUlSJO4esXq-RetImE4_MtG4ZsKOxqIWXXEnkL6a_cIK1iEPYjs1a201jlDdmJVpOu2SXYJGaKB69cuceq8CQ";
const COMMON =
  "Qu_HaRgi.mKRzaG9wwAHPAAAAAgAAAACQws5rSdIAzmw5wwA.yyk-wVQmmRYk4RjVb6AgQN_cktB2rSOfZupBk_YS306m4978-Nsp0ykhXodl8Ns1kbosTMnk7C30izjIizZQCw";

const encode = (bytes) => Buffer.from(bytes).toString("base64url");
const tokenOf = (bytes) => `kid.${encode(bytes)}.signature`;
/** Encode a token of site "s" that was issued at a time below 128. */
const issuedAt = (time) => tokenOf([0x98, 0xa1, 0x73, 0xc0, 1, 0, 0x90, 0xc2, time, 127]);

test("a token states its record, with exceptions for vendors", () => {
  assert.deepEqual(readToken(NUMBERED, "shop"), {
    site: "shop",
    number: 48213,
    notice: 3,
    allowed: 0b1010,
    exceptions: [
      [2, 300, false],
      [2, 3, true],
    ],
    gpc: true,
    issued: 1_800_000_000,
    expires: 1_815_724_800,
  });
});

test("a common token has no number, and room for more than 32 purposes", () => {
  const { number, allowed, gpc } = readToken(COMMON, "shop");

  assert.deepEqual({ number, allowed, gpc }, { number: null, allowed: 2 ** 33, gpc: false });
});

test("a token of another site is none", () => {
  assert.equal(readToken(NUMBERED, "other"), null);
});

for (const [name, text] of Object.entries({
  "what is not recorded yet": "pending",
  nothing: "",
  "one part": "abc",
  "what is not base64": "kid.!!!.signature",
  "base64 that was altered after its last byte": COMMON.replace("wwA.", "wwB."),
  "what is no list": tokenOf([0xa1, 0x73]),
  "a list that is too short": tokenOf([0x91, 0xa1, 0x73]),
  "bytes left over": tokenOf([0x98, 0xa1, 0x73, 0xc0, 1, 0, 0x90, 0xc2, 1, 2, 3]),
  "bytes missing": tokenOf([0x98, 0xa1, 0x73]),
  "a type that tokens do not use": tokenOf([0xc1]),
})) {
  test(`${name} is no token`, () => assert.equal(readToken(text, "s"), null));
}

test("of two cookies of one name the one issued last counts", () => {
  const [older, newer] = [issuedAt(5), issuedAt(6)];

  assert.equal(newestText([older, newer], "s"), newer);
  assert.equal(newestText([newer, older], "s"), newer);
});

test("a token counts more than what is none", () => {
  assert.equal(newestText(["pending", issuedAt(5)], "s"), issuedAt(5));
});
