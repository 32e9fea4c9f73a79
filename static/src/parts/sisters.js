/*
 * One answer for the origins of a site that share no cookie. A marked link from one to another carries it in its
 * fragment, which no server sees, for the length of a click.
 */
import { isDefault } from "../answers/common.js";
import { takeRefusal } from "../answers/refusal.js";

const CARRIED = /#consent-answer=([^#]*)(#.*)?$/;
const SECRET = /^[0-9a-f]{32}$/;

const originOf = (address) => address && new URL(address).origin;

const { prepare } = parts;
parts.prepare = (page) => {
  prepare?.(page);
  const { config, store, read } = page;
  const isSister = (origin) => origin !== location.origin && config.sisters.includes(origin);
  const isAnswer = (text) => read(text)?.number === null && !isDefault(read(text));

  /** Take a carried answer out of the address; return it if one of the site's other origins sent it. */
  const receive = () => {
    const [isThere, text, rest] = CARRIED.exec(location.href) ?? [];
    if (!isThere) return undefined;
    history.replaceState(history.state, "", location.pathname + location.search);
    if (rest) location.replace(rest);
    return isSister(originOf(document.referrer)) ? text : undefined;
  };

  const carry = (event) => {
    const link = event.composedPath().find((node) => node.localName === "a");
    if (event.defaultPrevented || event.button > 1 || !link?.hasAttribute("data-consent-carry")) return;
    const answer = store.secret() ?? store.tokens().find(isAnswer);
    if (!answer || !isSister(link.origin)) return;
    const { href } = link;
    link.hash = `consent-answer=${answer}${link.hash}`;
    // The other origin takes an answer only from a page of this site.
    link.referrerPolicy = "origin";
    setTimeout(() => (link.href = href));
  };

  const answer = receive();
  const hasOwn = store.secret() || !store.tokens().every((text) => isDefault(read(text)));
  if (answer && SECRET.test(answer) && !hasOwn)
    try {
      // As after the preference center: the service is asked what stands, and only then is anything kept.
      sessionStorage[`${config.name}_secret`] = answer;
    } catch {
      // Where nothing is kept, nothing can be carried.
    }
  parts.push(({ refresh }) => {
    ["click", "auxclick"].forEach((type) => addEventListener(type, carry));
    if (answer && !SECRET.test(answer)) takeRefusal(answer, config, store).catch(console.warn).then(refresh);
  });
};
