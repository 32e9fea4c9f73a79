import assert from "node:assert/strict";
import { test } from "node:test";

import { complete, findPurpose, findVendor } from "../../static/src/banner/config.js";

const RAW = {
  site: "shop",
  locale: "de",
  dialog: "/shop/dialog.js?v=1",
  purposes: [
    { id: "necessary", basis: "exempt", vendors: ["stripe"] },
    { id: "analytics", basis: "consent", vendors: ["matomo"] },
    { id: "audience", basis: "objection", vendors: ["matomo"] },
  ],
  vendors: { stripe: 0, matomo: 1 },
};

test("addresses follow from the script's own", () => {
  const config = complete(RAW, "https://consent.example/shop/banner.js");

  assert.equal(config.api, "https://consent.example/v1/shop/");
  assert.equal(config.preferences, "https://consent.example/shop/preferences?lang=de");
  assert.equal(config.dialog, "https://consent.example/shop/dialog.js?v=1");
});

test("a service mounted below a path of the site is found there", () => {
  const config = complete(RAW, "https://shop.example/_consent/shop/banner.js?lang=de");

  assert.equal(config.api, "https://shop.example/_consent/v1/shop/");
  assert.equal(config.preferences, "https://shop.example/_consent/shop/preferences?lang=de");
  assert.equal(config.dialog, "https://shop.example/_consent/shop/dialog.js?v=1");
});

test("whatever the visitor decides about is optional", () => {
  const { optional } = complete(RAW, "https://consent.example/shop/banner.js");

  assert.deepEqual(
    optional.map(({ id }) => id),
    ["analytics", "audience"],
  );
});

test("a purpose is found by its id, with a vendor only if that acts for it", () => {
  const [, analytics] = RAW.purposes;

  assert.equal(findPurpose(RAW, "analytics"), analytics);
  assert.equal(findPurpose(RAW, "analytics", "matomo"), analytics);
  assert.equal(findPurpose(RAW, "analytics", "stripe"), undefined);
  assert.equal(findPurpose(RAW, "telepathy"), undefined);
});

test("vendors are found by their id", () => {
  assert.deepEqual(findVendor(RAW, "matomo"), { id: "matomo", number: 1 });
  assert.equal(findVendor(RAW, "nobody"), undefined);
});
