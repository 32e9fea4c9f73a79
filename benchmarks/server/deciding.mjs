// The same in Node. usage: deciding.mjs ADDRESS TOKENS SITE PURPOSE
import { readFileSync } from "node:fs";
import { Gateway } from "../../clients/js/src/gateway.js";

const KNOWN = 1_000;
const TIMES = 200;
const [address, file, site, purpose] = process.argv.slice(2);
const tokens = readFileSync(file, "ascii").split("\n");
const gateway = new Gateway(address, site);
await gateway.start();

const rate = async (asked, times = 1) => {
  const started = performance.now();
  for (let time = 0; time < times; time++) for (const token of asked) await gateway.decide(token, purpose);
  return (times * asked.length * 1000) / (performance.now() - started);
};

const found = { new: await rate(tokens.slice(KNOWN)) };
await rate(tokens.slice(0, KNOWN));
found.known = await rate(tokens.slice(0, KNOWN), TIMES);
for (const token of tokens) if (!(await gateway.decide(token, purpose)).allowed) throw new Error("a token was not granted");
console.log(JSON.stringify(found));
gateway.close();
