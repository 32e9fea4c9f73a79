import assert from "node:assert/strict";
import { test } from "node:test";

import { hasGpc } from "../../static/src/banner/signals.js";
import { matomoTeller } from "../../static/src/signals/matomo.js";
import { onceStarted, posthogTeller } from "../../static/src/signals/posthog.js";

test("Global Privacy Control is on only where the browser says so", () => {
  assert.equal(hasGpc({ globalPrivacyControl: true }), true);
  assert.equal(hasGpc({ globalPrivacyControl: false }), false);
  assert.equal(hasGpc({ globalPrivacyControl: "1" }), false);
  assert.equal(hasGpc({}), false);
});

/** Return a page with Matomo's queue, which Matomo has taken over or not, and what tells it of consent. */
const openMatomo = ({ isThere = true, isRemembered = false } = {}) => {
  const told = [];
  const calls = isThere ? { push: (call) => told.push(call) } : told;
  const tell = matomoTeller(
    () => calls,
    () => isRemembered,
  );
  return { told, tell };
};

test("Matomo hears of a yes, then of its end", () => {
  const { told, tell } = openMatomo();

  tell({ consent: true });
  tell({ consent: false });

  assert.deepEqual(told, [["setConsentGiven"], ["forgetConsentGiven"]]);
});

test("Matomo would send on a yes what was tracked while it was refused, so it hears of none on that page", () => {
  const { told, tell } = openMatomo();

  tell({ consent: false });
  tell({ consent: true });

  assert.deepEqual(told, []);
});

test("Matomo's cookies wait for a yes, and nothing else does", () => {
  const { told, tell } = openMatomo();

  tell({ cookies: false });
  tell({ cookies: true });
  tell({ cookies: false });

  assert.deepEqual(told, [["setCookieConsentGiven"], ["forgetCookieConsentGiven"]]);
});

test("a yes that Matomo has not heard yet is not left for it: it takes that before the no", () => {
  for (const signal of ["consent", "cookies"]) {
    const { told, tell } = openMatomo({ isThere: false });
    told.push(["trackPageView"]);

    tell({ [signal]: true });
    tell({ [signal]: false });

    assert.deepEqual(told, [["trackPageView"]]);
  }
});

test("what Matomo remembered by itself is forgotten with a no", () => {
  const { told, tell } = openMatomo({ isRemembered: true });

  tell({ consent: false });

  assert.deepEqual(told, [["forgetConsentGiven"]]);
});

/** Return PostHog as it is once started, with what it was told. */
const makePosthog = (isOptedIn) => {
  const told = [];
  const answer = (name, value) => () => {
    told.push(name);
    isOptedIn = value;
  };
  return {
    told,
    __loaded: true,
    has_opted_in_capturing: () => isOptedIn,
    has_opted_out_capturing: () => !isOptedIn,
    opt_in_capturing: answer("in", true),
    opt_out_capturing: answer("out", false),
  };
};

test("PostHog hears of what is news to it, for it keeps that and sends an event with each yes", () => {
  const posthog = makePosthog(false);
  const tell = posthogTeller((act) => act.call(posthog));

  for (const consent of [false, true, true, false]) tell({ consent });

  assert.deepEqual(posthog.told, ["in", "out"]);
});

test("a PostHog that is slow to come hears of what stands by then, and sends nothing of a yes that was taken back", () => {
  const waiting = [];
  const tell = posthogTeller((act) => waiting.push(act));
  tell({ consent: true });
  tell({ consent: false });
  const posthog = makePosthog(false);

  waiting.forEach((act) => act.call(posthog));

  assert.deepEqual(posthog.told, []);
});

test("a PostHog that forgot its answer is told again on the next page", () => {
  const posthog = makePosthog(false);

  posthogTeller((act) => act.call(posthog))({ consent: true });

  assert.deepEqual(posthog.told, ["in"]);
});

test("a PostHog that has not started is told once it has", () => {
  const posthog = { ...makePosthog(false), __loaded: false };
  const act = onceStarted((it) => it.opt_in_capturing());

  act.call(posthog);
  assert.deepEqual(posthog.told, []);

  posthog.__loaded = true;
  act.call(posthog);
  assert.deepEqual(posthog.told, ["in"]);
});
