// Prints what Lighthouse scores below 100: usage: node lighthouse.mjs CHROMIUM ARGUMENTS COOKIE ADDRESS...
import { launch } from "chrome-launcher";
import lighthouse from "lighthouse";

const [chromePath, chromeFlags, cookie, ...addresses] = process.argv.slice(2);
const CATEGORIES = ["accessibility", "best-practices"];
// Neither category measures speed.
const WITHOUT_WAITING = {
  throttlingMethod: "provided",
  pauseAfterFcpMs: 0,
  pauseAfterLoadMs: 0,
  networkQuietThresholdMs: 100,
  cpuQuietThresholdMs: 0,
  disableFullPageScreenshot: true,
};

const lost = ({ categories, audits }) =>
  CATEGORIES.filter((id) => categories[id].score !== 1).map((id) => ({
    category: id,
    score: categories[id].score,
    audits: categories[id].auditRefs
      .filter(({ id: audit, weight }) => weight > 0 && audits[audit].score !== null && audits[audit].score < 1)
      .map(({ id: audit }) => [audit, audits[audit].details?.items]),
  }));

const chrome = await launch({ chromePath, chromeFlags: ["--headless=new", ...JSON.parse(chromeFlags)] });
try {
  const found = {};
  for (const address of addresses) {
    const { lhr } = await lighthouse(address, {
      port: chrome.port,
      onlyCategories: CATEGORIES,
      ...WITHOUT_WAITING,
      extraHeaders: { Cookie: cookie },
    });
    if (lhr.runtimeError) throw new Error(lhr.runtimeError.message);
    found[address] = lost(lhr);
  }
  console.log(JSON.stringify(found));
} finally {
  chrome.kill();
}
