import css from "../../css/banner.css";
import { stepAside } from "./aside.js";
import { element } from "./element.js";

/** Return the banner's element: a fixed box whose style no page can reach, its texts slotted in. */
const makeHost = ({ locale, dir, texts, style }) => {
  const host = element("consent-banner", { lang: locale, dir, popover: "manual" });
  host.setAttribute("role", "region");
  host.setAttribute("aria-label", texts.label);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync([css, style].join(""));
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [sheet];
  const part = (name) => element("div", { part: name, className: name }, element("slot", { name }));
  root.append(element("div", { part: "box", className: "box" }, part("text"), part("actions")));
  return host;
};

/** Return what keeps the host's texts out of search results: engines mind that on a `div`, not on any element. */
const makeFrame = (host) => {
  const frame = element("div", { style: "display:contents!important" }, host);
  frame.setAttribute("data-nosnippet", "");
  return frame;
};

/** Return the links that every layer shows. They are where it scrolls, so that keys scroll it too. */
export const makeLinks = ({ texts, preferences, privacy }) => {
  const link = (name, href) =>
    element("a", { slot: "text", className: "consent-banner__link", textContent: texts[name], href });
  const center = link("preferences", preferences);
  return privacy ? [center, link("privacy", privacy)] : [center];
};

/** Return the banner's view: it asks, or folds up to a button that opens the settings. */
export const makeView = (config, acts) => {
  const { texts } = config;
  const host = makeHost(config);
  let shown;
  const giveWay = stepAside(host);

  const paragraph = (name, textContent) =>
    element("p", { slot: "text", className: `consent-banner__${name}`, textContent });
  const button = (name, onclick) =>
    element("button", {
      slot: "actions",
      className: "consent-banner__button",
      type: "button",
      name,
      textContent: texts[name],
      onclick,
    });
  const status = () => {
    const made = paragraph("status", "");
    made.setAttribute("role", "status");
    return made;
  };

  const question = (purposes, isAgain) => [
    element("h2", { slot: "text", className: "consent-banner__heading", textContent: texts.heading }),
    paragraph("intro", texts.intro),
    paragraph("facts", [...purposes.map(({ title, news }) => (isAgain && news) || title), texts.vendors].join(" · ")),
    ...makeLinks(config),
    button("reject", acts.reject),
    button("accept", acts.accept),
    button("settings", acts.open),
  ];
  const folded = () => [status(), button("reopen", acts.open)];

  /** Show the question about these purposes, or the button if there are none; again, if there was an answer. */
  const show = (purposes, isAgain) => {
    host.hidden = false;
    const asked = purposes.map(({ id }) => id).join();
    if (shown === asked) return;
    shown = asked;
    const hadFocus = host.contains(document.activeElement);
    host.removeAttribute("aside");
    host.toggleAttribute("folded", !asked);
    host.replaceChildren(...(asked ? question(purposes, isAgain) : folded()));
    if (host.isConnected) host.hidePopover?.();
    else document.documentElement.insertBefore(makeFrame(host), document.body);
    // Shown anew, it has not moved: folding up is no layout shift.
    host.showPopover?.();
    // After the paint: the focus would have the page laid out within the click.
    if (hadFocus) requestAnimationFrame(() => setTimeout(() => host.querySelector("button").focus({ preventScroll: true })));
  };

  /** Tell the visitor whether a choice still waits for the service. */
  const tellUnsent = (isUnsent) => {
    const place = host.querySelector(".consent-banner__status");
    if (place) place.textContent = isUnsent ? texts.unsent : "";
    giveWay();
  };

  return { show, tellUnsent, root: host.shadowRoot };
};
