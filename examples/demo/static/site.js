// The demonstration's bar on top.

import { send } from "/send.js";

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
  const token = window.consent?.token?.() ?? null;
  show({ tag: "A careless tag", ...(await send("button_click", "analytics", token)) });
};

const button = document.querySelector("[data-send-anyway]");
button.hidden = false;
button.addEventListener("click", sendAnyway);
