// Shows the newest events every second, from the page itself: one markup, made in one place.

const pause = document.querySelector("[data-pause]");
const isPaused = () => pause.getAttribute("aria-pressed") === "true";

const refresh = () => {
  if (isPaused() || document.hidden) return;
  const request = new XMLHttpRequest();
  request.open("GET", "/");
  request.responseType = "document";
  request.addEventListener("load", () => {
    const fresh = request.response?.querySelector("[data-events]");
    const shown = document.querySelector("[data-events]");
    if (fresh && !isPaused() && fresh.textContent !== shown.textContent) shown.replaceWith(fresh);
  });
  request.send();
};

pause.hidden = false;
pause.addEventListener("click", () => pause.setAttribute("aria-pressed", String(!isPaused())));
setInterval(refresh, 1000);
