/**
 * Ask in front of the page. It waits only while the question is to be seen: whoever hides the banner has it
 * released, and Escape puts the question aside, where it stays unanswered.
 */
parts.push(({ view }) => {
  const { root } = view;
  const { host } = root;
  const box = root.querySelector(".box");
  const dialog = document.createElement("dialog");
  let isPutAside = false;
  dialog.className = "front";
  dialog.tabIndex = -1;
  dialog.setAttribute("aria-label", host.getAttribute("aria-label"));

  const settle = () => {
    const isAsked = host.offsetHeight > 0 && !isPutAside && !host.hasAttribute("folded");
    if (isAsked === dialog.open) return;
    host.toggleAttribute("modal", isAsked);
    if (isAsked) {
      root.append(dialog);
      dialog.append(box);
      dialog.showModal();
      // No button is readier than another.
      dialog.focus();
    } else {
      root.append(box);
      dialog.close();
      dialog.remove();
    }
  };
  dialog.addEventListener("cancel", () => {
    isPutAside = true;
    settle();
  });
  // Its size tells of whatever shows, folds or hides it, before that is painted.
  new ResizeObserver(settle).observe(host);
});
