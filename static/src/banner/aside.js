/** Let the banner step aside, small and to the other edge, while it would cover what has the focus. */
export const stepAside = (host) =>
  addEventListener("focusin", (event) => {
    const [target] = event.composedPath();
    // Who points at the banner must not see it move under the pointer.
    if (!target.matches(":focus-visible")) return;
    // The page scrolls to what gets the focus only after this event.
    requestAnimationFrame(() => {
      host.removeAttribute("aside");
      const { x, y, width, height } = target.getBoundingClientRect();
      const middle = y + height / 2;
      const isCovered = host.contains(document.elementFromPoint(x + width / 2, middle));
      if (isCovered && !host.contains(event.target))
        host.setAttribute("aside", middle * 2 > innerHeight ? "top" : "");
    });
  });
