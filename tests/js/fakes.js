/* What the modules meet in a browser: its cookies and storage, and the network. */

const copy = (value) => JSON.parse(JSON.stringify(value));
const place = ({ at, body }) => `${at}${body.key}`;

/** Return a store that keeps things in memory. */
export const makeFakeStore = ({ tokens = [], secret, handedOver, hourAsked } = {}) => {
  const queue = new Map();
  const kept = { tokens, secret, handedOver, hourAsked };
  return {
    tokens: () => kept.tokens,
    setToken: (text) => (kept.tokens = text ? [text] : []),
    secret: () => kept.secret,
    setSecret: (text) => (kept.secret = text || undefined),
    queue: () => [...queue.keys()].sort().map((key) => copy(queue.get(key))),
    keep: (item) => queue.set(place(item), copy(item)),
    drop: (item) => queue.delete(place(item)),
    handedOver: () => kept.handedOver,
    forgetHandOver: () => delete kept.handedOver,
    hourAsked: () => kept.hourAsked,
    setHourAsked: (day) => (kept.hourAsked = day),
  };
};

/** Answer what is fetched with these answers in turn, or fail; return what was posted. */
export const answerWith = (...answers) => {
  const posted = [];
  globalThis.fetch = async (url, { method, body, credentials }) => {
    posted.push({ method, url, text: body, body: JSON.parse(body), credentials });
    const next = answers.shift();
    if (!next) throw new TypeError("Failed to fetch");
    const [status, document = {}] = next;
    return new Response(JSON.stringify(document), { status });
  };
  return posted;
};

/** Let the browser be one without Web Locks, and keep its warnings to itself. */
export const beQuiet = () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  console.warn = () => {};
};
