import assert from "node:assert/strict";
import { test } from "node:test";

import {
  allows,
  bodyOf,
  decide,
  decisionsOf,
  grants,
  newestNumber,
  refusals,
  undecided,
} from "../../static/src/banner/choice.js";

const NOW = 1_800_000_000;
const analytics = { id: "analytics", bit: 1, since: 1, basis: "consent", sells: false };
const marketing = { id: "marketing", bit: 2, since: 1, basis: "consent", sells: true };
const audience = { id: "audience", bit: 3, since: 1, basis: "objection", sells: false };
const PURPOSES = [analytics, marketing, audience];

const ids = (purposes) => purposes.map(({ id }) => id);
const token = (...allowed) => ({
  number: 7,
  notice: 1,
  allowed: allowed.reduce((mask, { bit }) => mask + 2 ** bit, 0),
  exceptions: [],
  gpc: false,
  issued: NOW - 10,
  expires: NOW + 10,
});
const answer = (changes) => ({ tokens: [], queue: [], gpc: false, now: NOW, ...changes });
const waiting = (decisions, more) => ({ body: { notice: 1, decisions, ...more } });
const all = () => true;
const nothing = () => false;

test("before any answer only what waits for an objection may run", () => {
  const allowed = PURPOSES.filter((purpose) => allows(purpose, undefined, answer()));

  assert.deepEqual(ids(allowed), ["audience"]);
});

test("a cookie that cannot be read allows nothing", () => {
  const unread = answer({ tokens: [null] });

  assert.ok(PURPOSES.every((purpose) => !allows(purpose, undefined, unread)));
});

test("of two cookies that contradict each other the no counts", () => {
  const both = answer({ tokens: [token(analytics), token()] });

  assert.equal(allows(analytics, undefined, both), false);
});

test("a choice that still waits counts more than the cookie", () => {
  const queue = [waiting({ analytics: "granted" }), waiting({ analytics: "refused" })];

  assert.equal(allows(analytics, undefined, answer({ tokens: [token(analytics)], queue })), false);
  assert.equal(allows(analytics, undefined, answer({ queue: queue.slice(0, 1) })), true);
});

test("a choice that waits leaves the purposes it does not name alone", () => {
  const queue = [waiting({ analytics: "refused" })];

  assert.equal(allows(marketing, undefined, answer({ tokens: [token(marketing)], queue })), true);
});

test("a no to a vendor outlives a yes that waits, a yes does not outlive a no", () => {
  const excepted = (granted) => ({ ...token(), exceptions: [[2, 9, granted]] });
  const maps = { id: "maps", number: 9 };
  const yes = [waiting({ marketing: "granted" })];
  const no = [waiting({ marketing: "refused" })];

  assert.equal(allows(marketing, maps, answer({ tokens: [excepted(false)], queue: yes })), false);
  assert.equal(allows(marketing, maps, answer({ tokens: [excepted(true)], queue: no })), false);
});

test("under Global Privacy Control a choice that waits sells only if it was made under it", () => {
  const under = (gpc) => answer({ queue: [waiting({ marketing: "granted" }, { gpc })], gpc: true });

  assert.equal(allows(marketing, undefined, under(undefined)), false);
  assert.equal(allows(marketing, undefined, under(true)), true);
});

test("everything is undecided until it is answered, and again when it has changed", () => {
  const changed = { ...analytics, since: 2 };

  assert.deepEqual(ids(undecided(PURPOSES, answer())), ["analytics", "marketing", "audience"]);
  assert.deepEqual(undecided(PURPOSES, answer({ tokens: [token()] })), []);
  assert.deepEqual(ids(undecided([changed, marketing], answer({ tokens: [token()] }))), ["analytics"]);
});

test("an answer is asked for again once its term is over", () => {
  const over = answer({ tokens: [token(analytics)], now: NOW + 10 });

  assert.deepEqual(ids(undecided([analytics], over)), ["analytics"]);
});

test("an answer that waits is not asked for again", () => {
  const queue = [waiting({ analytics: "refused", marketing: "refused" })];

  assert.deepEqual(ids(undecided(PURPOSES, answer({ queue }))), ["audience"]);
});

test("who refuses everything objects where an objection is what counts", () => {
  assert.deepEqual(decide(PURPOSES, nothing, answer()), {
    analytics: "refused",
    marketing: "refused",
    audience: "objected",
  });
});

test("leaving alone what is allowed until objected to decides nothing about it", () => {
  assert.deepEqual(decide(PURPOSES, all, answer()), { analytics: "granted", marketing: "granted" });
  assert.deepEqual(decide(PURPOSES, ({ id }) => id === "audience", answer()), {
    analytics: "refused",
    marketing: "refused",
  });
});

test("where nothing else is asked, leaving it alone is an answer after all", () => {
  assert.deepEqual(decide([audience], all, answer()), { audience: "granted" });
});

test("an objection is taken back by a grant", () => {
  const objected = answer({ tokens: [token()] });

  assert.deepEqual(decide([analytics, audience], all, objected), {
    analytics: "granted",
    audience: "granted",
  });
});

test("decisions are worded as the records word them", () => {
  assert.deepEqual(decisionsOf(PURPOSES, answer({ tokens: [token(analytics)] })), {
    analytics: "granted",
    marketing: "refused",
    audience: "objected",
  });
});

test("refusals are each no that was said, and nothing that was never asked", () => {
  assert.deepEqual(refusals(PURPOSES, answer()), {});
  assert.deepEqual(refusals(PURPOSES, answer({ tokens: [token(analytics)] })), {
    marketing: "refused",
    audience: "objected",
  });
});

test("what only the signal denies was not refused by the visitor", () => {
  const signalled = answer({ tokens: [token(analytics, marketing, audience)], gpc: true });

  assert.deepEqual(refusals(PURPOSES, signalled), {});
});

test("only a grant needs a secret", () => {
  assert.equal(grants({ analytics: "refused", audience: "objected" }), false);
  assert.equal(grants({ analytics: "refused", marketing: "granted" }), true);
});

test("the newest number is that of the newest record known", () => {
  assert.equal(newestNumber([]), undefined);
  assert.equal(newestNumber([null, { number: null }]), undefined);
  assert.equal(newestNumber([{ number: 0 }, null]), 0);
  assert.equal(newestNumber([{ number: 3 }, { number: 12 }]), 12);
});

test("the body of a choice says what was seen, known and decided, and when", () => {
  const known = answer({ tokens: [token()], gpc: true });
  const more = { key: "k", secret: "s", how: "banner", layout: "box" };

  const body = bodyOf({ notice: 3, locale: "de" }, { analytics: "granted" }, known, more);

  assert.deepEqual(JSON.parse(JSON.stringify(body)), {
    key: "k",
    notice: 3,
    decisions: { analytics: "granted" },
    how: "banner",
    locale: "de",
    layout: "box",
    secret: "s",
    after: 7,
    gpc: true,
    made_at: "2027-01-15T08:00:00Z",
  });
});

test("what a body does not know it leaves out", () => {
  const body = bodyOf({ notice: 1, locale: "en" }, {}, answer(), { key: "k", how: "banner" });

  const sent = Object.keys(JSON.parse(JSON.stringify(body)));

  assert.deepEqual(sent, ["key", "notice", "decisions", "how", "locale", "made_at"]);
});

test("where purposes run before anybody is asked, leaving them alone decides nothing", () => {
  const handedOut = { ...token(analytics, marketing, audience), number: null };
  const told = answer({ tokens: [handedOut], stands: () => false });
  const wants = ({ id }) => id !== "marketing";

  assert.deepEqual(ids(undecided(PURPOSES, told)), ids(PURPOSES));
  assert.deepEqual(decide(PURPOSES, wants, told), { marketing: "refused" });
  assert.ok(grants(decide(PURPOSES, all, told)));
});
