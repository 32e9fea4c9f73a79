import assert from "node:assert/strict";
import { test } from "node:test";

import { makeSender } from "../../static/src/banner/sender.js";
import { makeSync } from "../../static/src/banner/sync.js";
import { answerWith, beQuiet, makeFakeStore } from "./fakes.js";

beQuiet();

const NOW = Date.now() / 1000;
const THIS_HOUR = new Date().toISOString().slice(0, 13);
const CONFIG = {
  name: "consent_shop",
  api: "https://consent.example/v1/shop/",
  optional: [
    { id: "analytics", bit: 1, since: 1, basis: "consent" },
    { id: "marketing", bit: 2, since: 1, basis: "consent" },
  ],
};
/** A token that allows analytics, and says no to marketing. */
const HALF = { number: 7, notice: 1, allowed: 2, exceptions: [], expires: NOW + 99 };

/** Return a store and what brings it together with the service; tokens are those known. */
const makeBrowser = (kept, tokens = []) => {
  const store = makeFakeStore(kept);
  const keptRefusals = [];
  const known = () => ({ tokens, queue: store.queue(), gpc: false, now: NOW });
  const sync = makeSync(CONFIG, store, makeSender(CONFIG, store), {
    known,
    keepRefusals: (decisions) => keptRefusals.push(decisions),
  });
  return { store, sync, keptRefusals };
};
const paths = (posted) => posted.map(({ url }) => url.replace(CONFIG.api, ""));

test("who has nothing to say and nothing to ask for asks for nothing", async () => {
  const { sync } = makeBrowser();
  const posted = answerWith();

  await sync();

  assert.deepEqual(posted, []);
});

test("who holds a secret asks once an hour for the newest token", async () => {
  const { store, sync } = makeBrowser({ secret: "own", tokens: ["old"], hourAsked: "2020-01-01T00" }, [HALF]);
  const posted = answerWith([200, { token: "new" }]);

  await sync();
  await sync();

  assert.deepEqual(
    posted.map(({ body }) => body),
    [{ secret: "own", after: 7 }],
  );
  assert.deepEqual(store.tokens(), ["new"]);
  assert.equal(store.hourAsked(), THIS_HOUR);
});

test("after the preference center it asks at once, and only once", async () => {
  const { store, sync } = makeBrowser({ secret: "own", handedOver: "own", hourAsked: THIS_HOUR });
  const posted = answerWith([200, { token: "new" }]);

  await sync();
  await sync();

  assert.deepEqual(paths(posted), ["head"]);
  assert.equal(store.handedOver(), undefined);
});

test("a secret that was handed over is kept once something was granted with it", async () => {
  const { store, sync } = makeBrowser({ handedOver: "fresh" });
  answerWith([200, { token: "new" }]);

  await sync();

  assert.equal(store.secret(), "fresh");
  assert.deepEqual(store.tokens(), ["new"]);
});

test("a secret that was handed over and not used leaves nothing behind", async () => {
  const { store, sync, keptRefusals } = makeBrowser({ handedOver: "fresh", tokens: ["common"] });
  answerWith([404]);

  await sync();

  assert.equal(store.secret(), undefined);
  assert.equal(store.handedOver(), undefined);
  assert.equal(store.hourAsked(), undefined);
  assert.deepEqual(store.tokens(), ["common"]);
  assert.deepEqual(keptRefusals, []);
});

test("whose record is gone keeps the refusals, by nobody in particular", async () => {
  const { store, sync, keptRefusals } = makeBrowser({ secret: "own", tokens: ["half"] }, [HALF]);
  answerWith([404]);

  await sync();

  assert.equal(store.secret(), undefined);
  assert.deepEqual(store.tokens(), []);
  assert.deepEqual(keptRefusals, [{ marketing: "refused" }]);
});

test("whose record is gone and who refused nothing is asked anew", async () => {
  const everything = { ...HALF, allowed: 6 };
  const { store, sync, keptRefusals } = makeBrowser({ secret: "own", tokens: ["all"] }, [everything]);
  answerWith([404]);

  await sync();

  assert.deepEqual(store.tokens(), []);
  assert.deepEqual(keptRefusals, []);
});

test("what waits is sent before the head is asked for", async () => {
  const { store, sync } = makeBrowser({ secret: "own" });
  store.keep({ at: Date.now(), tokens: [], body: { key: "a" } });
  const posted = answerWith([201, { number: 8, token: "token-8" }], [200, { token: "token-8" }]);

  await sync();

  assert.deepEqual(paths(posted), ["records", "head"]);
});

test("an answer that is older than a choice made meanwhile is not kept", async () => {
  const { store, sync } = makeBrowser({ secret: "own", tokens: ["pending"] });
  answerWith([200, { token: "older" }]);
  const { fetch } = globalThis;
  globalThis.fetch = (...asked) => {
    store.keep({ at: Date.now(), tokens: [], body: { key: "a" } });
    return fetch(...asked);
  };

  await sync();

  assert.deepEqual(store.tokens(), ["pending"]);
  assert.equal(store.hourAsked(), undefined);
});

test("without an answer everything stays as it was, to be tried again", async () => {
  const { store, sync } = makeBrowser({ secret: "own", handedOver: "own", tokens: ["old"] });
  answerWith();

  await sync();

  assert.deepEqual(store.tokens(), ["old"]);
  assert.equal(store.handedOver(), "own");
  assert.equal(store.hourAsked(), undefined);
});
