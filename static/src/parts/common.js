/*
 * Common tokens: the same for all who gave the same answer, and what the script hands out before it asks.
 * Here for sites with another regime than opt-in, be it in some regions only.
 */
import { isCommon, isDefault } from "../answers/common.js";
import { hasBit, newestNumber, refusals } from "../banner/choice.js";
import { hasGpc } from "../banner/signals.js";

const RENEWED_AFTER_SECONDS = 30 * 86400;

/**
 * Tell whether a token answers what is asked about a purpose.
 *
 * One without number is renewed rather than asked for again. Who is deciding right now was asked.
 */
const stands = (token, { since }, { now, queue }) =>
  token?.notice >= since && (isCommon(token) || token.expires > now) && (queue.length > 0 || !isDefault(token));

/** Tell the service where the visitor is, if the page told the script. */
const passRegionOn = (config) => {
  const region = new URL(document.currentScript.src).searchParams.get("region");
  if (!region) return;
  config.query = `?region=${encodeURIComponent(region)}`;
  config.preferences += config.query.replace("?", "&");
};

/** Let the default stand in the cookie until there is an answer; return the answer that is to be renewed. */
const handOut = ([withSale, withoutSale] = [], { store, read }) => {
  const handedOut = hasGpc(navigator) ? withoutSale : withSale;
  const kept = store.tokens;
  const old = Date.now() / 1000 - RENEWED_AFTER_SECONDS;
  const isOld = (token) => isCommon(token) && !isDefault(token) && token.issued < old;
  store.tokens = () => (handedOut && kept().every((text) => isDefault(read(text))) ? [handedOut] : kept());
  return kept().find((text) => isOld(read(text)));
};

/**
 * Let nothing run by what was the default elsewhere, now that the visitor is where the site asks first.
 *
 * Return the answer given there, to be exchanged for one that refuses the same and allows no more than here.
 */
const leaveBehind = ({ config, store, read }) => {
  const cookies = store.tokens;
  const asksFirst = (token) => ({ basis, bit }) => basis === "consent" && hasBit(token.allowed, bit);
  const isElsewhere = (token) => isCommon(token) && config.optional.some(asksFirst(token));
  const kept = () => cookies().filter((text) => !isDefault(read(text)));
  const answer = kept().find((text) => isElsewhere(read(text)));
  store.tokens = () => kept().map((text) => (isElsewhere(read(text)) ? "pending" : text));
  if (!kept().length && cookies().length) store.setToken("");
  return answer;
};

/** Return each no said without a subject: by default what was refused would run again with the next choice. */
const said = ({ config, store, read }) => {
  // What the signal alone keeps off, nobody refused.
  const purposes = config.optional.filter(({ sells }) => !(sells && hasGpc(navigator)));
  const answer = { tokens: store.tokens().map(read), queue: store.queue(), now: Date.now() / 1000, stands };
  return newestNumber(answer.tokens) === undefined ? refusals(purposes, answer) : {};
};

const { prepare } = parts;
parts.prepare = (page) => {
  prepare?.(page);
  const { config, store } = page;
  const { api, common, texts } = config;
  passRegionOn(config);
  if (common.renews) Object.assign(parts, { stands, said: () => said(page) });
  const answer = common.renews ? handOut(common.tokens, page) : leaveBehind(page);

  parts.push(({ refresh, view }) => {
    /** Exchange a common token for one of today that refuses the same. */
    const renew = async (token) => {
      const before = store.tokens().join();
      try {
        const sent = { method: "POST", body: JSON.stringify({ token }), credentials: "same-origin", keepalive: true };
        const answer = await fetch(`${api}head${config.query ?? ""}`, sent);
        const found = answer.ok && (await answer.json());
        // A choice made meanwhile is newer than this answer.
        if (!found || store.queue().length || store.tokens().join() !== before) return;
        store.setToken(found.token);
        refresh();
      } catch (error) {
        console.warn("consent: the service did not answer; trying again later", error);
      }
    };

    const { show } = view;
    /** The visitor was told: the default becomes an answer, and no record. */
    const leaveIt = () => {
      show([]);
      renew(store.tokens()[0]);
    };
    // Who has what was handed out and no more was never asked.
    const wasAsked = () => !store.tokens().every((text) => isDefault(page.read(text)));
    view.show = (purposes, isAgain) => {
      show(purposes, isAgain && wasAsked());
      const accept = view.root.host.querySelector("[name=accept]");
      if (!texts.ok || !accept) return;
      view.root.host.querySelector("[name=reject]").remove();
      Object.assign(accept, { name: "ok", textContent: texts.ok, onclick: leaveIt });
    };
    if (answer) renew(answer);
  });
};
