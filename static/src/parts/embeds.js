import css from "../../css/embeds.css";
import { element } from "../banner/element.js";

const HELD = "[data-consent]:not(script)";
const NAMES = ["src", "srcset", "data", "background"];
const FRAMES = "iframe, embed, object, video, audio, img";
/** Smaller ones, in pixels, are no content that anybody would miss, but pixels that count. */
const LEAST = { width: 100, height: 50 };

/** Return the size that an element has, or will have: an image without address has none yet. */
const sizeOf = (held) => {
  const { width, height } = held.getBoundingClientRect();
  return { width: Math.max(width, held.getAttribute("width") | 0), height: Math.max(height, held.getAttribute("height") | 0) };
};

const hostOf = ({ dataset }) => new URL(dataset.src ?? dataset.data ?? "", document.baseURI).host;

/** Give an element what it waits for, or take it back. */
const turn = (held, isOn, policy) => {
  const { dataset, style } = held;
  for (const name of NAMES.filter((one) => one in dataset))
    if (name === "background") style.backgroundImage = isOn ? `url(${JSON.stringify(dataset.background)})` : "";
    else if (!isOn) held.removeAttribute(name);
    else held[name] = held.matches("embed, object") ? policy.createScriptURL(dataset[name]) : dataset[name];
};

/** Return what stands in for an element: what it would load, and how to allow that. */
const makePlaceholder = (held, { texts, sheet, once, always }) => {
  const host = element("consent-embed", { className: held.className });
  const said = texts.from.replace("{host}", hostOf(held));
  host.setAttribute("role", "group");
  host.setAttribute("aria-label", said);
  const { width, height } = sizeOf(held);
  const { position, inset, margin, float, display } = getComputedStyle(held);
  Object.assign(host.style, { position, inset, margin, float, display: display === "block" ? "block" : "" });
  Object.assign(host.style, { width: `${width}px`, height: `${height}px` });
  const button = (name, onclick) => element("button", { type: "button", name, textContent: texts[name], onclick });
  const actions = element("div", { className: "actions" }, button("once", once), button("always", always));
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  root.append(element("div", { className: "box" }, element("p", { textContent: said }), actions));
  return host;
};

/** Hold frames, images and backgrounds that name a purpose until it is allowed, with a way to say so in their place. */
parts.push(({ config, api, policy }) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  const loaded = new WeakSet();
  const wanted = new WeakSet();
  const places = new WeakMap();

  const stand = (held) => {
    const { width, height } = sizeOf(held);
    if (places.has(held) || !held.matches(FRAMES) || width < LEAST.width || height < LEAST.height) return;
    const { display } = held.style;
    const once = () => {
      wanted.add(held);
      update();
      held.focus();
    };
    const always = () => api.set({ [held.dataset.consent]: true });
    const placeholder = makePlaceholder(held, { texts: config.embeds, sheet, once, always });
    held.before(placeholder);
    held.style.setProperty("display", "none", "important");
    places.set(held, () => {
      placeholder.remove();
      held.style.display = display;
    });
  };
  const leave = (held) => {
    places.get(held)?.();
    places.delete(held);
  };

  const update = () => {
    for (const held of document.querySelectorAll(HELD)) {
      const isOn = wanted.has(held) || api.allows(...held.dataset.consent.split(":"));
      if (isOn) leave(held);
      if (isOn !== loaded.has(held)) turn(held, isOn, policy);
      loaded[isOn ? "add" : "delete"](held);
      if (!isOn) stand(held);
    }
  };

  // A page still being parsed has no sizes yet.
  const start = () => {
    update();
    new MutationObserver(update).observe(document, { childList: true, subtree: true, attributeFilter: ["data-consent"] });
  };
  api.on("change", update);
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
});
