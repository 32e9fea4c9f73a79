import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { deflateSync } from "node:zlib";

import { checkAll } from "../../clients/js/src/check.js";
import { Gateway } from "../../clients/js/src/gateway.js";
import { SiteState } from "../../clients/js/src/state.js";
import { importKeys, makeReader } from "../../clients/js/src/token.js";

const file = new URL("../vectors/checks.json", import.meta.url);
const { states, cases } = JSON.parse(await readFile(file, "utf8"));
const granted = cases.find(({ reason, tokens }) => reason === "granted" && tokens.length === 1);
const usual = states[granted.state];

const packed = (statuses) => {
  const bytes = new Uint8Array(Math.ceil(statuses.length / 4));
  statuses.forEach((status, number) => (bytes[number >> 2] |= status << (2 * (number % 4))));
  return bytes;
};

const termsOf = (notice) =>
  notice && {
    ...notice,
    purposes: Object.fromEntries(Object.entries(notice.purposes).map(([id, purpose]) => [id, { id, ...purpose }])),
  };

const stateOf = ({ site, statuses, notice, suspended, as_of: asOf, max_stale_seconds: maxStale }) => {
  const snapshot = { site, origin: "here", size: statuses.length, terms: termsOf(notice), suspended };
  const state = new SiteState(snapshot, packed(statuses), maxStale);
  state.asOf = asOf;
  return state;
};

for (const { name, state, tokens, purpose, now, vendor, gpc, allowed, reason } of cases) {
  test(`the rule gives the verdict of the vector: ${name}`, async () => {
    const read = makeReader(await importKeys(states[state].keys));
    const shown = await Promise.all(tokens.map(read));

    const verdict = checkAll(stateOf(states[state]), shown, purpose, now, { vendor, gpc });

    assert.deepEqual(verdict, { allowed, reason });
  });
}

test("no single altered character survives", async () => {
  const read = makeReader(await importKeys(usual.keys));
  const [text] = granted.tokens;

  for (let place = 0; place < text.length; place++) {
    const altered = text.slice(0, place) + (text[place] === "A" ? "B" : "A") + text.slice(place + 1);
    assert.equal(await read(altered), null, `at ${place}`);
  }
  for (const text of ["", ".", "..", "...", `${granted.tokens[0]}.`, `${granted.tokens[0]}=`, "ä.ö.ü"]) assert.equal(await read(text), null);
  assert.notEqual(await read(text), null);
});

const SIZE = { headers: { "Ledger-Size": String(usual.statuses.length) } };

/** Return a service that goes on answering as it is told. */
const serve = (changed = {}) => {
  let asked = 0;
  const answers = {
    state: () => ({
      site: usual.site,
      origin: "here",
      size: usual.statuses.length,
      now: granted.now,
      as_of: usual.as_of,
      keys: usual.keys,
      suspended: usual.suspended,
      terms: termsOf(usual.notice),
    }),
    status: () => ({ bits: 2, lst: deflateSync(packed(usual.statuses)).toString("base64url") }),
    changes: () => ({
      origin: "here",
      size: usual.statuses.length,
      now: granted.now + asked++ / 1000,
      as_of: usual.as_of,
      keys: usual.keys,
      changes: [],
    }),
    ...changed,
  };
  return async (address) => {
    const name = ["state", "status", "changes"].find((one) => address.includes(`/${one}`));
    const told = answers[name](address);
    return typeof told === "number" ? new Response("", { status: told }) : Response.json(told, SIZE);
  };
};

const decided = async (fetch, options = {}) => {
  const gateway = new Gateway("https://consent.example/", usual.site, { fetch, ...options });
  await gateway.poll().catch(() => {});
  const { reason } = await gateway.decide(granted.tokens, granted.purpose, granted);
  return reason;
};

test("a gateway that heard of the service decides by the rule", async () => {
  assert.equal(await decided(serve()), "granted");
});

const answers = serve();
const said = async (kind) => (await answers(`https://consent.example/v1/shop/${kind}`)).json();
const spoiled = (kind, change, more = SIZE) => async (address) => {
  const told = await (await answers(address)).json();
  return address.includes(`/${kind}`) ? Response.json({ ...told, ...change }, more) : Response.json(told, SIZE);
};
const DAMAGES = {
  "an empty list": spoiled("status", { lst: deflateSync("").toString("base64url") }),
  "no list": spoiled("status", { lst: "" }),
  "half a list": spoiled("status", { lst: (await said("status/0")).lst.slice(0, 8) }),
  "a list without its check sum": spoiled("status", { lst: (await said("status/0")).lst.slice(0, -4) }),
  "a list of other bits": spoiled("status", { bits: 1 }),
  "a bomb": spoiled("status", { lst: deflateSync(Buffer.alloc(10_000_000)).toString("base64url") }),
  "a list of a ledger that was shorter": spoiled("status", {}, { headers: { "Ledger-Size": "9" } }),
  "a list of nobody knows when": spoiled("status", {}, {}),
  "one answer for ever": spoiled("changes", { now: granted.now }),
  "a state without size": spoiled("state", { size: undefined }),
  "a state that leaves out what is suspended": spoiled("state", { suspended: undefined }),
  "an answer beyond all measure": spoiled("changes", { more: "x".repeat(2 ** 24) }),
  "no size": spoiled("state", { size: null, terms: null }),
  "no keys": spoiled("changes", { keys: { kid: "no key" } }),
  "no changes": spoiled("changes", { changes: null }),
  "another ledger": spoiled("changes", { origin: "there" }),
  "a shorter ledger": spoiled("changes", { size: 1 }),
  "a change that is missing": spoiled("changes", { size: 11 }),
  "a change too far": spoiled("changes", { size: 12, changes: [{ number: 11, status: 0 }] }),
  "a change without status": spoiled("changes", { size: 11, changes: [{ number: 10 }] }),
  "a change about what is to come": spoiled("changes", { size: 11, changes: [{ number: 10, status: 0, previous: 12 }] }),
  "a service that fails": serve({ changes: () => 500 }),
  "a service that has no changes": serve({ changes: () => 410 }),
};
for (const [name, fetch] of Object.entries(DAMAGES))
  test(`${name} allows nothing`, async () => {
    assert.equal(await decided(fetch), "stale");
  });

test("an answer that was kept on the way proves nothing", async () => {
  const fresh = serve();
  const kept = { ...(await said("changes")), now: granted.now };
  let fetch = fresh;
  const gateway = new Gateway("https://consent.example", usual.site, { fetch: (...asked) => fetch(...asked), maxStaleSeconds: 3 });
  await gateway.poll();
  fetch = serve({ changes: () => kept });
  const before = await gateway.decide(granted.tokens, granted.purpose, granted);

  await new Promise((done) => setTimeout(done, 2100));
  await gateway.poll();

  const after = await gateway.decide(granted.tokens, granted.purpose, granted);
  assert.deepEqual([before.reason, after.reason], ["granted", "stale"]);
});

test("changes after the snapshot count", async () => {
  const number = usual.statuses.length;
  const told = await said("changes?after=9");
  let later = 0;
  const withdrawal = { number, status: 0, previous: 5, previous_status: 1 };
  const changes = (address) => ({
    ...told,
    size: number + 1,
    now: told.now + (later += 1),
    changes: address.includes("after=9") ? [withdrawal] : [],
  });

  assert.equal(await decided(serve({ changes })), "withdrawn");
});

test("what would never decide or report is refused at once", () => {
  for (const options of [{ name: "edge" }, { pollMilliseconds: 0 }, { maxStaleSeconds: -1 }, { maxStaleSeconds: Infinity }, { reportMilliseconds: NaN }])
    assert.throws(() => new Gateway("https://consent.example", usual.site, options), RangeError);
  assert.throws(() => new Gateway("consent.example", usual.site), RangeError);
});

test("who listens hears each verdict and no token", async () => {
  const heard = [];

  await decided(serve(), { onVerdict: (...said) => heard.push(said) });

  assert.deepEqual(heard, [[granted.purpose, { allowed: true, reason: "granted" }]]);
});

test("a report that was lost is sent again unchanged, and what came since after it", async () => {
  const sent = [];
  const service = serve();
  const fetch = async (address, { body } = {}) => {
    if (!address.includes("/gateways/")) return service(address);
    sent.push(JSON.parse(body));
    return new Response(null, { status: sent.length === 1 ? 502 : 204 });
  };
  const gateway = new Gateway("https://consent.example", usual.site, { fetch, name: "edge", apiKey: "key" });
  await gateway.poll();
  await gateway.decide(granted.tokens, granted.purpose, granted);

  await assert.rejects(gateway.report());
  await gateway.decide(null, "visitor-4711");
  gateway.forwarded(granted.purpose);
  await gateway.report();

  const counted = sent.map(({ sequence, decided, forwarded }) => ({ sequence, decided, forwarded }));
  const first = { sequence: 1, decided: { [granted.purpose]: { granted: 1 } }, forwarded: {} };
  const second = { sequence: 2, decided: { "": { unknown: 1 } }, forwarded: { [granted.purpose]: 1 } };
  assert.deepEqual(counted, [first, first, second]);
  assert.match(sent[0].instance, /^[0-9a-f]{32}$/);
  assert.deepEqual(sent[0].position, { size: usual.statuses.length, as_of: usual.as_of });
});

test("a report that is refused is lost by itself, and none after it", async () => {
  const sequences = [];
  const service = serve();
  const fetch = async (address, { body } = {}) => {
    if (!address.includes("/gateways/")) return service(address);
    sequences.push(JSON.parse(body).sequence);
    return new Response(null, { status: sequences.length === 1 ? 422 : 204 });
  };
  const gateway = new Gateway("https://consent.example", usual.site, { fetch, name: "edge", apiKey: "key" });
  await gateway.poll();

  await gateway.report();
  await gateway.report();

  assert.deepEqual(sequences, [1, 2]);
  for (const times of [0.5, -1, NaN]) assert.throws(() => gateway.forwarded(granted.purpose, times), RangeError);
});
