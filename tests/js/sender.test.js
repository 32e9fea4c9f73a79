import assert from "node:assert/strict";
import { test } from "node:test";

import { makeSender } from "../../static/src/banner/sender.js";
import { answerWith, beQuiet, makeFakeStore } from "./fakes.js";

beQuiet();

const CONFIG = { name: "consent_shop", api: "https://consent.example/v1/shop/" };
const recorded = (number, token) => [201, { number, token }];
const choice = (key, at = Date.now(), more = {}) => ({ at, tokens: [], body: { key, after: 3, ...more } });

const makeQueue = (...items) => {
  const store = makeFakeStore({ tokens: ["pending"] });
  items.forEach(store.keep);
  return { store, sender: makeSender(CONFIG, store) };
};
const keys = (posted) => posted.map(({ body }) => body.key);

test("a choice is posted with cookies of its own host at most, and its token kept", async () => {
  const { store, sender } = makeQueue(choice("a"));
  const posted = answerWith(recorded(4, "token-4"));

  await sender.flush();

  const [{ method, url, credentials }] = posted;
  assert.deepEqual({ method, url, credentials }, {
    method: "POST",
    url: "https://consent.example/v1/shop/records",
    credentials: "same-origin",
  });
  assert.deepEqual(store.tokens(), ["token-4"]);
  assert.deepEqual(store.queue(), []);
});

test("choices are sent in the order in which they were made", async () => {
  const { store, sender } = makeQueue(choice("b", 2000000000002), choice("a", 2000000000001));
  const posted = answerWith(recorded(4, "token-4"), recorded(5, "token-5"));

  await sender.flush();

  assert.deepEqual(keys(posted), ["a", "b"]);
  assert.deepEqual(store.tokens(), ["token-5"]);
});

test("a choice made right after another one knew of that one's number", async () => {
  const now = Date.now();
  const { sender } = makeQueue(choice("a", now), choice("b", now + 1));
  const posted = answerWith(recorded(9, "token-9"), recorded(10, "token-10"));

  await sender.flush();

  assert.deepEqual(
    posted.map(({ body }) => body.after),
    [3, 9],
  );
});

test("a choice made right after another one knows nothing of what another browser did in between", async () => {
  const now = Date.now();
  const { sender } = makeQueue(choice("a", now), choice("b", now + 1));
  const posted = answerWith([201, { number: 9, previous: 8, token: "token-9" }], recorded(10, "token-10"));

  await sender.flush();

  assert.deepEqual(
    posted.map(({ body }) => body.after),
    [3, 3],
  );
});

test("a choice that waited long knows only what it knew when it was made", async () => {
  const long = Date.now() - 61_000;
  const { sender } = makeQueue(choice("a", long), choice("b", long + 1));
  const posted = answerWith(recorded(9, "token-9"), recorded(10, "token-10"));

  await sender.flush();

  assert.deepEqual(
    posted.map(({ body }) => body.after),
    [3, 3],
  );
});

test("without an answer the choice stays, and is sent again letter by letter", async () => {
  const { store, sender } = makeQueue(choice("a"));
  const lost = answerWith();
  await assert.rejects(sender.flush());

  const [kept] = store.queue();
  assert.equal(kept.body.key, "a");
  assert.deepEqual(store.tokens(), ["pending"]);

  const again = answerWith(recorded(4, "token-4"));
  await sender.flush();
  assert.equal(again[0].text, lost[0].text);
});

test("a retry does not take up a number that it learnt meanwhile", async () => {
  const now = Date.now();
  const { store, sender } = makeQueue(choice("a", now), choice("b", now + 1));
  const first = answerWith(recorded(9, "token-9"));
  await assert.rejects(sender.flush());
  store.keep(choice("0", now - 1));

  const then = answerWith(recorded(12, "token-12"), recorded(13, "token-13"));
  await sender.flush();

  assert.equal(then[1].text, first[1].text);
});

for (const status of [408, 429, 500, 503, 302]) {
  test(`after status ${status} the choice is kept for later`, async () => {
    const { store, sender } = makeQueue(choice("a"));
    answerWith([status]);

    await assert.rejects(sender.flush());

    assert.equal(store.queue().length, 1);
  });
}

for (const status of [400, 403, 409, 422]) {
  test(`after status ${status} the choice can never be recorded and is let go`, async () => {
    const { store, sender } = makeQueue(choice("a"));
    answerWith([status]);

    await sender.flush();

    assert.deepEqual(store.queue(), []);
    assert.deepEqual(store.tokens(), []);
  });
}

test("what comes after a choice that is let go is sent all the same", async () => {
  const { store, sender } = makeQueue(choice("a", 2000000000001), choice("b", 2000000000002));
  const posted = answerWith([400], recorded(5, "token-5"));

  await sender.flush();

  assert.deepEqual(keys(posted), ["a", "b"]);
  assert.deepEqual(store.tokens(), ["token-5"]);
});

test("while a choice still waits the cookie stays pending, and the token is kept beside it", async () => {
  const { store, sender } = makeQueue(choice("a", 2000000000001), choice("b", 2000000000002));
  answerWith(recorded(4, "token-4"));

  await assert.rejects(sender.flush());

  assert.deepEqual(store.tokens(), ["pending"]);
  assert.deepEqual(store.queue()[0].tokens, ["token-4"]);
});

test("the head is asked for with the secret and the newest number known", async () => {
  const { sender } = makeQueue();
  const posted = answerWith([200, { token: "token-8" }]);

  const found = await sender.head("secret", 8);

  assert.deepEqual(found, { token: "token-8" });
  assert.equal(posted[0].url, "https://consent.example/v1/shop/head");
  assert.deepEqual(posted[0].body, { secret: "secret", after: 8 });
});

test("no head is told from no answer", async () => {
  const { sender } = makeQueue();

  answerWith([404]);
  assert.equal(await sender.head("secret"), null);

  answerWith([500]);
  await assert.rejects(sender.head("secret"));
});

test("without Web Locks tasks run all the same", async () => {
  const { sender } = makeQueue();

  assert.equal(await sender.alone(async () => "done"), "done");
});
