/** The JavaScript SDK in Node, asked line by line, as asked.py is. */
import { createInterface } from "node:readline";

import { Gateway } from "../../clients/js/src/gateway.js";

const shift = 1000 * Number(process.env.SHIFT ?? 0);
const trueNow = Date.now;
Date.now = () => trueNow() + shift;
console.warn = () => {};

const gateways = new Map();
for await (const line of createInterface({ input: process.stdin })) {
  const [act, name, ...told] = JSON.parse(line);
  if (act === "start") {
    const [url, { max_stale_seconds: maxStaleSeconds = 60 }] = told;
    const gateway = new Gateway(url, "shop", { pollMilliseconds: 50, maxStaleSeconds });
    gateways.set(name, gateway);
    gateway.start();
  } else {
    const [token, purpose] = told;
    const { reason } = await gateways.get(name).decide(token, purpose);
    console.log(JSON.stringify(reason));
  }
}
for (const gateway of gateways.values()) gateway.close();
