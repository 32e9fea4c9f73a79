const PROMPT_MILLISECONDS = 60000;

/** Return what posts to the service: queued choices in order, each once, and questions for the head. */
export const makeSender = ({ name, api, query = "" }, store) => {
  const post = (path, body) =>
    fetch(api + path + query, { method: "POST", body: JSON.stringify(body), credentials: "same-origin", keepalive: true });

  /** Fix an item's body before it first leaves: a retry must be the same. */
  const fix = (item, number) => {
    if (item.isFixed) return item;
    // A choice made just after another one knew of it, though its number came later.
    const isPrompt = Date.now() - item.at < PROMPT_MILLISECONDS;
    const body = isPrompt && number !== undefined ? { ...item.body, after: number } : item.body;
    const fixed = { ...item, body, isFixed: true };
    store.keep(fixed);
    return fixed;
  };

  /** Record one choice; return its answer, or null if it can never be recorded. */
  const record = async (item) => {
    const answer = await post("records", item.body);
    const { status } = answer;
    if (status === 201) return answer.json();
    if (status < 400 || status > 499 || [401, 408, 429].includes(status)) throw new Error(`status ${status}`);
    console.warn(`consent: status ${status}`);
    return null;
  };

  /** Let go of an item; the choice made after it starts from the token that answers it. */
  const settle = (item, token) => {
    const [, next] = store.queue();
    if (!next) store.setToken(token ?? "");
    else if (token) store.keep({ ...next, tokens: [token] });
    store.drop(item);
  };

  /** Send what is queued. Throws if the service cannot be reached. */
  const flush = async () => {
    let number;
    for (let item = store.queue()[0]; item; item = store.queue()[0]) {
      const sent = fix(item, number);
      const answer = await record(sent);
      // What another browser did in between is known to nobody here.
      const knewAll = (answer?.previous ?? -1) <= (sent.body.after ?? -1);
      number = knewAll ? (answer?.number ?? number) : undefined;
      settle(item, answer?.token);
    }
  };

  /** Return the newest answer for a secret, or null if there is none (any more). */
  const head = async (secret, after) => {
    const answer = await post("head", { secret, after });
    if (answer.status === 404) return null;
    if (answer.status !== 200) throw new Error(`status ${answer.status}`);
    return answer.json();
  };

  /** Run a task while no other tab of this site does; where there is no lock to be had, there is no other. */
  const alone = (task) => (navigator.locks ? navigator.locks.request(name, task).catch(task) : task());

  return { flush, head, alone };
};
