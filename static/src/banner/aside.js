/**
 * Let the banner step aside, small and to the other edge, while it would cover what has the focus.
 * Returns what has it look again, for when it has grown.
 */
export const stepAside = (host) => {
  let target = host;
  const look = () =>
    // The page scrolls to what gets the focus only after the event.
    requestAnimationFrame(() => {
      // Who points at the banner must not see it move under the pointer.
      if (!target.matches(":focus-visible")) return;
      host.removeAttribute("aside");
      const { x, y, width, height } = target.getBoundingClientRect();
      const middle = y + height / 2;
      const isCovered = host.contains(document.elementFromPoint(x + width / 2, middle));
      if (isCovered && !host.contains(document.activeElement))
        host.setAttribute("aside", middle * 2 > innerHeight ? "top" : "");
    });
  addEventListener("focusin", (event) => {
    [target] = event.composedPath();
    look();
  });
  return look;
};
