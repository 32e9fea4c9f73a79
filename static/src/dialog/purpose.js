import { element } from "../banner/element.js";

const hidden = (className, textContent) => {
  const made = element("span", { className, textContent });
  made.setAttribute("aria-hidden", "true");
  return made;
};

const makeSwitch = (id, name, isOn) => {
  const made = element("input", { className: "switch", type: "checkbox", id, name, checked: isOn });
  made.setAttribute("role", "switch");
  made.setAttribute("aria-describedby", `${id}-about`);
  return made;
};

const makeAbout = (id, description, vendors) => {
  const names = vendors.map((textContent) => element("li", { textContent }));
  const list = names.length ? [element("ul", { className: "vendors" }, ...names)] : [];
  return element("div", { className: "about", id: `${id}-about` }, element("p", { textContent: description }), ...list);
};

/** Return one purpose's row: what it is for, who acts for it, and its switch if it has one. */
export const makePurpose = ({ id, basis, title }, { description, vendors, texts, isOn }) => {
  const row = (...children) =>
    element("div", { className: "purpose" }, ...children, makeAbout(place, description, vendors));
  const place = `purpose-${id}`;
  if (basis === "exempt") {
    const heading = element("span", { className: "title", textContent: title });
    return row(heading, element("span", { className: "always", textContent: texts.always }));
  }
  const label = element("label", { className: "title", htmlFor: place, textContent: title });
  const words = [hidden("on", texts.granted), hidden("off", texts.refused)];
  return row(label, element("span", { className: "control" }, makeSwitch(place, id, isOn), ...words));
};
