import { allows, undecided } from "../banner/choice.js";
import { element } from "../banner/element.js";
import { hasGpc } from "../banner/signals.js";
import { clean } from "./cleanup.js";
import css from "./dialog.css";
import { makePurpose } from "./purpose.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);
const details = "__CONSENT_CONFIG__";

/** Delete what is declared for purposes that are not allowed. */
export const cleanUp = (page) => clean(details.cleanup, page);

/** Open the settings: a decision for each purpose, and the same three ways out as the banner. */
export const openDialog = ({ config, store, chooseAll, synchronise, root, answer, links }) => {
  if (location.href.includes("#consent=")) {
    const module = new URL("../static/return.js", import.meta.url).href;
    import(module).then(({ takeBack }) => takeBack(config, store, synchronise), console.warn);
    return;
  }
  if (root.querySelector(".dialog")) return;
  const asked = undecided(config.optional, answer);
  const isOn = (purpose) => allows(purpose, null, answer);
  // A switch that was left alone decides nothing: another tab may have moved it since.
  const save = (wants, isMoved) => {
    const made = config.optional.filter((purpose) => isMoved(purpose) || asked.includes(purpose));
    chooseAll(made, wants, "banner", "dialog");
  };
  const { descriptions, vendors } = details;
  const texts = { ...config.texts, ...details.texts };
  const isHeldBack = (purpose) => purpose.sells && hasGpc(navigator) && !isOn(purpose);
  const describe = (purpose) => descriptions[purpose.id] + (isHeldBack(purpose) ? ` ${config.gpc}` : "");
  const rows = config.purposes.map((purpose) =>
    makePurpose(purpose, {
      description: describe(purpose),
      vendors: purpose.vendors.map((id) => vendors[id]),
      texts,
      isOn: isOn(purpose),
    }),
  );
  const switchOf = ({ id }) => dialog.querySelector(`input[name="${id}"]`);
  const isMoved = (purpose) => switchOf(purpose).checked !== isOn(purpose);

  // Closed first, so that the focus is back before the banner folds up.
  const leave = (wants, isMeant) => () => {
    dialog.close();
    if (wants) save(wants, isMeant);
  };
  const button = (name, wants, isMeant) =>
    element("button", {
      className: "button",
      type: "button",
      name,
      textContent: texts[name],
      onclick: leave(wants, isMeant),
    });
  const all = () => true;
  const closing = element("button", { className: "close", type: "button", name: "close", onclick: leave() }, "×");
  closing.setAttribute("aria-label", texts.close);

  const answers = [
    button("reject", () => false, all),
    button("accept", () => true, all),
    button("save", (purpose) => switchOf(purpose).checked, isMoved),
  ];
  const heading = element("h2", { className: "heading", id: "heading", textContent: texts.title });
  const dialog = element(
    "dialog",
    { className: "dialog" },
    element("div", { className: "head" }, heading, closing),
    element("div", { className: "purposes" }, ...rows, element("p", { className: "more" }, ...links)),
    element("div", { className: "buttons" }, ...answers),
  );
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", () => dialog.remove());

  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  root.append(dialog);
  // Where a content blocker hides the banner, a modal would leave the page inert, and nothing to see.
  if (root.host.getClientRects().length) dialog.showModal();
  else {
    links[0].click();
    dialog.remove();
  }
};
