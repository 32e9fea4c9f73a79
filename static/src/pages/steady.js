/*
 * htmx swaps in anew what is on the page already. What a visitor had opened stays open, and the button that was
 * pressed stays where it was in the window, whatever else grew or shrank.
 */
const byId = (id) => document.getElementById(id);

addEventListener("htmx:beforeSwap", ({ detail }) => {
  const open = [...document.querySelectorAll("details[open][id]")].map(({ id }) => id);
  const pressed = detail.requestConfig.triggeringEvent?.submitter;
  const place = pressed?.getBoundingClientRect().top;

  const settle = () => {
    open.forEach((id) => byId(id)?.setAttribute("open", ""));
    const now = pressed && byId(pressed.id);
    if (!now) return;
    scrollBy({ top: now.getBoundingClientRect().top - place, behavior: "instant" });
    now.scrollIntoView({ block: "nearest", behavior: "instant" });
  };
  addEventListener("htmx:afterSwap", settle, { once: true });
});
