import assert from "node:assert/strict";
import { test } from "node:test";

import { makeTeller, standing, worded } from "../../static/src/signals/follow.js";

const SIGNALS = { ads: "marketing", counts: "analytics", never: null };
const OPTIONAL = [{ id: "analytics" }, { id: "marketing" }];

/** Return a site whose answers can be set, what its tool was told, and the teller. */
const open = ({ allowed = [], asked = OPTIONAL, isKept } = {}) => {
  const site = { allowed, asked, told: [] };
  const api = { allows: (id) => site.allowed.includes(id) };
  const parts = { config: { optional: OPTIONAL }, api, asked: () => site.asked };
  site.tell = makeTeller(parts, SIGNALS, (stands) => site.told.push(stands), isKept);
  return site;
};

test("a signal stands if its purpose is allowed, and never without one", () => {
  const allows = (id) => id === "marketing";

  assert.deepEqual(standing(SIGNALS, allows), { ads: true, counts: false, never: false });
});

test("signals are put in words, the denied ones too", () => {
  assert.deepEqual(worded({ ads: true, never: false }), { ads: "granted", never: "denied" });
});

test("nothing is told while nobody has answered", () => {
  const site = open();

  site.tell();

  assert.deepEqual(site.told, []);
});

test("an answer is told, be it a no to everything", () => {
  const site = open({ asked: [] });

  site.tell();

  assert.deepEqual(site.told, [{ ads: false, counts: false, never: false }]);
});

test("what is allowed until somebody objects is told without an answer", () => {
  const site = open({ allowed: ["analytics"] });

  site.tell();

  assert.deepEqual(site.told, [{ ads: false, counts: true, never: false }]);
});

test("a tool that keeps what it is told waits for an answer", () => {
  const site = open({ allowed: ["analytics"], isKept: true });

  site.tell();
  assert.deepEqual(site.told, []);

  site.asked = [];
  site.tell();
  assert.equal(site.told.length, 1);
});

test("what is no news to a tool is not told again", () => {
  const site = open({ asked: [], allowed: ["marketing"] });

  site.tell();
  site.tell();

  assert.equal(site.told.length, 1);
});

test("an answer that has ended is taken back, although nobody has answered since", () => {
  const site = open({ asked: [], allowed: ["marketing"] });
  site.tell();

  Object.assign(site, { asked: OPTIONAL, allowed: [] });
  site.tell();

  assert.deepEqual(site.told[1], { ads: false, counts: false, never: false });
});
