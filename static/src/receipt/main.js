import { valueAt, verify } from "./verify.js";

/*
 * Verifies the receipt that the page carries, and that the page says what it proves: each element with
 * `data-from` has to show the value at that place of the proven contents.
 */
const button = document.getElementById("verify");
const verdict = document.getElementById("verdict");

const canVerify = async () => {
  try {
    await crypto.subtle.generateKey("Ed25519", false, ["sign", "verify"]);
    return true;
  } catch {
    return false;
  }
};

const requirePageToSay = (proven) => {
  for (const element of document.querySelectorAll("[data-from]")) {
    const shown = element.value ?? element.textContent;
    const recorded = valueAt(proven, element.dataset.from);
    if (String(recorded) !== shown) throw new Error(`${element.dataset.from} is ${recorded}, not ${shown}`);
  }
};

const judge = async () => {
  if (!(await canVerify())) return "unsupported";
  try {
    const receipt = JSON.parse(document.getElementById("receipt").textContent);
    requirePageToSay(await verify(receipt));
    return "valid";
  } catch (error) {
    console.warn("receipt:", error);
    return "invalid";
  }
};

button.addEventListener("click", async () => {
  const found = await judge();
  verdict.dataset.verdict = found;
  verdict.textContent = verdict.dataset[found];
});
button.closest("[hidden]").hidden = false;

const print = document.getElementById("print");
print.addEventListener("click", () => window.print());
print.hidden = false;
