// The sample site's own script: privacy links, and the demonstration's bar on top.

const gateway = document.body.dataset.gateway;
const now = document.querySelector("[data-happened-now]");
const list = document.querySelector("[data-happened-list]");

const span = (className, text) => {
  const element = document.createElement("span");
  element.className = className;
  element.textContent = text;
  return element;
};

const describe = ({ tag, fired, reason, because }) => {
  const word = fired ? "FIRED" : "HELD";
  const badge = span(`happened__word happened__word--${word.toLowerCase()}`, word);
  return [badge, ` ${tag}: ${reason}. ${because}`];
};

const show = (entry) => {
  const item = document.createElement("li");
  item.append(`${new Date().toLocaleTimeString()} `, ...describe(entry));
  list.prepend(item);
  now.replaceChildren(...describe(entry));
};

// Tags may run before this script does: what they reported waits in the array.
const waiting = window.happened ?? [];
window.happened = { push: show };
waiting.forEach(show);

const sendAnyway = async () => {
  const body = {
    event: "button_click",
    purpose: "analytics",
    token: window.consent?.token() ?? null,
  };
  const answer = await fetch(`${gateway}/collect`, {
    method: "POST",
    body: JSON.stringify(body),
  });
  show({ tag: "A careless tag", ...(await answer.json()) });
};

const unreachable = () =>
  show({ tag: "A careless tag", fired: false, reason: "lost", because: "The gateway did not answer." });

const button = document.querySelector("[data-send-anyway]");
button.hidden = false;
button.addEventListener("click", () => sendAnyway().catch(unreachable));

// Without the banner's script these stay what they are: links to the preference center.
document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-consent-open]");
  if (!link || !window.consent || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  window.consent.open();
});
