import { hasBit } from "../banner/choice.js";
import { newKey } from "../banner/random.js";
import { readToken } from "../banner/token.js";
import { isCommon } from "./common.js";

/** Post to the service; return its answer, or null if it does not agree. */
const ask = async ({ api, query = "" }, path, body) => {
  const sent = { method: "POST", body: JSON.stringify(body), credentials: "same-origin", keepalive: true };
  const answer = await fetch(api + path + query, sent);
  return answer.ok ? answer.json() : null;
};

/**
 * Take over a common token, which says what was refused elsewhere, from a link that anybody may have made.
 *
 * It can refuse and never allow: the service gives one of its own for it, with the defaults of today at most, and
 * what was refused here before stays so. An answer with a subject is not touched: the service knows that one.
 */
export const takeRefusal = async (text, config, store) => {
  const read = (one) => readToken(one, config.site);
  const held = store.tokens();
  const known = held.map(read);
  if (store.secret() || !isCommon(read(text)) || !known.every(isCommon)) return;
  const renewed = await ask(config, "head", { token: text });
  if (!renewed) return;
  const { allowed } = read(renewed.token);
  const isWithin = ({ bit }) => !hasBit(allowed, bit) || known.every((token) => hasBit(token.allowed, bit));
  // Two answers, each with a no that the other has not: only the service can sign both.
  const both = { token: held[0], key: newKey(), purposes: Object.keys(renewed.decisions) };
  const found = config.optional.every(isWithin) ? renewed : await ask(config, "withdrawals", both);
  // A choice made meanwhile is newer than this one.
  if (found && !store.queue().length && store.tokens().join() === held.join()) store.setToken(found.token);
};
