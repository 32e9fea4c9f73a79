import { element } from "../banner/element.js";
import { vendorsOf } from "../banner/config.js";
import css from "./dialog.css";
import { makePurpose } from "./purpose.js";

const sheet = new CSSStyleSheet();
sheet.replaceSync(css);

/** Open the settings: a decision for each purpose, and the same three ways out as the banner. */
export const openDialog = ({ config, root, isAllowed, save, links }) => {
  if (root.querySelector("dialog")) return;
  const { texts, purposes } = config;
  const rows = purposes.map((purpose) =>
    makePurpose(purpose, { vendors: vendorsOf(config, purpose), texts, isOn: isAllowed(purpose.id) }),
  );
  const isOn = ({ id }) => dialog.querySelector(`input[name="${id}"]`).checked;

  // Closed first, so that the focus is back before the banner folds up.
  const leave = (wants) => () => {
    dialog.close();
    if (wants) save(wants);
  };
  const button = (name, wants) =>
    element("button", { className: "button", type: "button", name, textContent: texts[name], onclick: leave(wants) });
  const closing = element("button", { className: "close", type: "button", name: "close", onclick: leave() }, "×");
  closing.setAttribute("aria-label", texts.close);

  const heading = element("h2", { className: "heading", id: "heading", textContent: texts.title });
  const dialog = element(
    "dialog",
    { className: "dialog" },
    element("div", { className: "head" }, heading, closing),
    element("div", { className: "purposes" }, ...rows, element("p", { className: "more" }, ...links)),
    element("div", { className: "buttons" }, button("reject", () => false), button("accept", () => true), button("save", isOn)),
  );
  dialog.setAttribute("aria-labelledby", heading.id);
  dialog.addEventListener("close", () => dialog.remove());

  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, sheet];
  root.append(dialog);
  dialog.showModal();
};
