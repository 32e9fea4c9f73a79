/**
 * Let the banner step aside, small and to the other edge, while it would cover what has the focus.
 * Returns what has it look again, for when it has grown.
 */
export const stepAside = (host) => {
  let focused, isOurs;
  const look = () => {
    // Who points at the banner must not see it move under the pointer.
    if (!focused?.matches(":focus-visible")) return;
    // The page scrolls to what gets the focus only after the event.
    requestAnimationFrame(() => {
      host.removeAttribute("aside");
      const { x, y, width, height } = focused.getBoundingClientRect();
      const middle = y + height / 2;
      const isCovered = host.contains(document.elementFromPoint(x + width / 2, middle));
      if (isCovered && !isOurs) host.setAttribute("aside", middle * 2 > innerHeight ? "top" : "");
    });
  };
  addEventListener("focusin", (event) => {
    [focused] = event.composedPath();
    isOurs = host.contains(event.target);
    look();
  });
  return look;
};
