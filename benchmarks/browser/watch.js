// Runs in the page before anything else: notes, and says, when the banner's reject button is there and when it is gone.
(() => {
  const REJECT = "Reject all";
  const times = (window.watched = {});

  const parentOf = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host;
  const opacity = (node) => (node ? getComputedStyle(node).opacity * opacity(parentOf(node)) : 1);

  // In the viewport, what a click would hit, and at least half faded in.
  const isShown = (button) => {
    if (!button.checkVisibility({ visibilityProperty: true })) return false;
    const { left, top, width, height } = button.getBoundingClientRect();
    const hit = document.elementFromPoint(left + width / 2, top + height / 2);
    return !!hit && button.contains(hit) && opacity(button) >= 0.5;
  };
  const isReject = ({ textContent }) => textContent.trim() === REJECT;
  const find = () =>
    [...document.querySelectorAll("button, [role=button]")].find((one) => isReject(one) && isShown(one));

  const eachFrame = (isDone) => requestAnimationFrame(() => isDone() || eachFrame(isDone));

  eachFrame(() => {
    const button = find();
    if (!button) return false;
    times.visible = performance.now();
    const { left, top, width, height } = button.getBoundingClientRect();
    times.place = [left + width / 2, top + height / 2];
    console.debug("shown");
    return true;
  });

  addEventListener(
    "click",
    ({ timeStamp }) =>
      eachFrame(() => {
        if (find()) return false;
        times.gone = performance.now() - timeStamp;
        console.debug("gone");
        return true;
      }),
    { capture: true, once: true },
  );
})();
