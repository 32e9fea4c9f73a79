/*
 * Sends what a form of the API's description says, and shows what comes back. No cookie goes with it: what the
 * API lets somebody do, it lets them do by what they send.
 */
const filled = (form, place) =>
  [...form.querySelectorAll(`[data-in="${place}"]`)]
    .filter(({ value }) => value)
    .map(({ name, value }) => [name, value]);

const address = (form) => {
  const path = filled(form, "path").reduce(
    (written, [name, value]) => written.replace(`{${name}}`, encodeURIComponent(value).replaceAll("%2F", "/")),
    form.dataset.path.slice(1),
  );
  const query = new URLSearchParams(filled(form, "query"));
  return query.size ? `${path}?${query}` : path;
};

const request = (form) => {
  const [body] = filled(form, "body");
  const headers = new Headers(filled(form, "header"));
  for (const [, key] of filled(form, "key")) headers.set("Authorization", `Bearer ${key}`);
  if (body) headers.set("Content-Type", "application/json");
  const method = form.dataset.method.toUpperCase();
  return new Request(address(form), { method, headers, body: body?.[1], credentials: "omit" });
};

const told = async (answer) => {
  const text = await answer.text();
  const isJson = /json/.test(answer.headers.get("Content-Type"));
  const body = isJson ? JSON.stringify(JSON.parse(text), null, 2) : text;
  const headers = [...answer.headers].map(([name, value]) => `${name}: ${value}`);
  return [`${answer.status} ${answer.statusText}`, ...headers, "", body].join("\n");
};

const send = async (event) => {
  event.preventDefault();
  const form = event.target;
  const shown = form.querySelector("output");
  shown.textContent = "…";
  shown.textContent = await fetch(request(form)).then(told, String);
};

for (const form of document.querySelectorAll("[data-path]")) {
  form.hidden = false;
  form.addEventListener("submit", send);
}
