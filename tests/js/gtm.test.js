import assert from "node:assert/strict";
import { createServer } from "node:http";
import { after, beforeEach, test } from "node:test";

import { run, section } from "./sandbox.js";

/** A service that answers checks as it is told. */
let answers;
let asked;
const service = createServer((request, response) => {
  asked.push([request.url, request.headers["consent-token"], request.headers["sec-gpc"]]);
  const [status, reason] = answers(request);
  response.writeHead(status, reason ? { "Consent-Verdict": reason } : {}).end();
});
await new Promise((listening) => service.listen(0, "127.0.0.1", listening));
after(() => service.close());

const data = { serviceUrl: `http://127.0.0.1:${service.address().port}`, site: "shop", purpose: "analytics" };
const view = { event_name: "page_view", client_id: "1.2" };
const denials = { refused: 403, withdrawn: 403, stale: 503 };

beforeEach(() => {
  asked = [];
  answers = () => [200, "granted"];
});

test("the sandbox knows all that the template is written with", () => {
  const code = section("SANDBOXED_JS_FOR_SERVER").replace(/^\s*\/\/.*$|'[^']*'/gm, "''");

  assert.doesNotMatch(code, /\b(new|this|class|async|await|function\s*\*|delete\s|typeof|instanceof|throw|var)\b|\.\.\.|`|=>\s*\{\s*\w+:|\/[^/\s]+\//);
  for (const name of ["INFO", "TEMPLATE_PARAMETERS", "SERVER_PERMISSIONS"]) JSON.parse(section(name));
  assert.equal(JSON.parse(section("INFO")).type, "CLIENT");
});

test("requests of others are left to other clients", async () => {
  assert.deepEqual(await run(data, { isMpv2: false }), { claimed: false, ran: [], headers: {} });
});

test("an allowed event runs the container, rid of its token", async () => {
  const did = await run({ ...data, vendor: "ga 4" }, { events: [{ ...view, consent_token: "a.b.c", consent_gpc: true }] });

  assert.deepEqual(asked, [["/v1/shop/check/analytics?vendor=ga%204", "a.b.c", "1"]]);
  assert.deepEqual(did, { claimed: true, ran: [{ ...view, consent_allowed: { analytics: true } }], headers: {}, status: 204 });
});

for (const [reason, status] of Object.entries(denials))
  test(`nothing runs where the service says ${reason}`, async () => {
    answers = () => [403, reason];

    assert.deepEqual(await run(data, { events: [view] }), { claimed: true, ran: [], headers: { "consent-verdict": reason }, status });
  });

for (const [name, answer] of Object.entries({
  "a page of something else": [200],
  "a failure": [502],
  "an allowance with another status": [500, "granted"],
  "a denial with another status": [200, "refused"],
  "words nobody knows": [200, "certainly"],
}))
  test(`nothing runs on ${name}`, async () => {
    answers = () => answer;

    assert.deepEqual((await run(data, { events: [view] })).ran, []);
  });

for (const reason of ["failed", "timed_out"])
  test(`nothing runs while the service ${reason}`, async () => {
    const did = await run(data, { events: [view] }, { sendHttpGet: () => Promise.reject({ reason }) });

    assert.deepEqual([did.ran, did.status], [[], 503]);
  });

for (const [name, request, token, gpc] of [
  ["nothing", {}, undefined, undefined],
  ["every cookie of the site", { cookies: [["consent_shop", "a"], ["x", "y"], ["consent_shop", "b"]] }, "a, b", undefined],
  ["the header before cookies", { headers: { "consent-token": "h" }, cookies: [["consent_shop", "a"]] }, "h", undefined],
  ["the signal", { headers: { "sec-gpc": "1" } }, undefined, "1"],
  ["its own token before all", { own: "own", headers: { "consent-token": "h" } }, "own", undefined],
  ["its own tokens", { own: ["one", "two"] }, "one, two", undefined],
  ["a cookie where the event has no token", { own: [], cookies: [["consent_shop", "a"]] }, "a", undefined],
  ["an empty one as invalid", { own: "" }, "none", undefined],
  ["what is no token as invalid", { own: 7 }, "none", undefined],
  ["an empty cookie as invalid", { cookies: [["consent_shop", ""]] }, "none", undefined],
])
  test(`the service is shown ${name}`, async () => {
    const { own, ...rest } = request;

    await run(data, { events: [{ ...view, consent_token: own }], ...rest });

    assert.deepEqual(asked, [["/v1/shop/check/analytics", token, gpc]]);
  });

test("each event of a request is decided about by itself, and tags are told of other purposes", async () => {
  answers = ({ url, headers }) => (headers["consent-token"] === "yes" && url.endsWith("analytics") ? [200, "granted"] : [403, "refused"]);
  // What a page says of itself counts for nothing.
  const forged = { consent_allowed: { marketing: true } };
  const events = ["yes", "no", "yes"].map((token, n) => ({ n, consent_token: token, ...forged }));

  const did = await run({ ...data, otherPurposes: "marketing, audience" }, { events });

  const consent_allowed = { analytics: true, marketing: false, audience: false };
  assert.deepEqual(did.ran.map(({ n }) => n).sort(), [0, 2]);
  did.ran.forEach((event) => assert.deepEqual(event.consent_allowed, consent_allowed));
  assert.equal(did.status, 204);
});

test("a purpose that nobody can tell about is denied by itself", async () => {
  answers = ({ url }) => (url.endsWith("analytics") ? [200, "granted"] : [502]);

  const { ran } = await run({ ...data, otherPurposes: "marketing" }, { events: [view] });
  const sendHttpGet = async (url) => {
    if (url.endsWith("analytics")) return { statusCode: 200, headers: { "Consent-Verdict": "granted" } };
    throw { reason: "timed_out" };
  };
  const late = await run({ ...data, otherPurposes: "marketing" }, { events: [view] }, { sendHttpGet });

  for (const event of [...ran, ...late.ran]) assert.deepEqual(event.consent_allowed, { analytics: true, marketing: false });
  assert.deepEqual([ran.length, late.ran.length], [1, 1]);
});

test("a request that cannot be read is not left to a client that asks nobody", async () => {
  const claimed = [];
  const extractEventsFromMpv2 = () => {
    throw new Error("not in the correct format");
  };

  await assert.rejects(run(data, {}, { extractEventsFromMpv2, claimRequest: () => claimed.push(true) }));
  assert.deepEqual(claimed, [true]);
});
