/*
 * Accounts: while somebody is logged in, the account's answer counts, the same in all browsers. It is asked for with
 * the proof that the page has, in place of a secret. The browser's own answer waits, and counts again afterwards.
 */
import { makeStore } from "../banner/store.js";

const accountOf = (proof) => proof?.split(".")[1];

const proof = document.currentScript.dataset.consentAccount || undefined;
const account = accountOf(proof);

/** Let what is kept in the browser's cookies change hands. */
const changeHands = (before, store, own) => {
  const answer = (of) => [of?.tokens()[0] ?? "", of?.secret() ?? ""];
  const keep = (to, [token, secret]) => {
    to.setToken(token);
    to.setSecret(secret);
  };
  if (!before) keep(own, answer(store));
  keep(store, answer(account ? undefined : own));
  if (!account) keep(own, answer());
  store.forgetHandOver();
  store.setHourAsked("");
};

/** Return what an account's answer is kept and asked for with: nothing of it lasts longer than the proof. */
const asAccount = (whose) => {
  // On the first page of a visit nothing runs before the answer is here: it may have been withdrawn elsewhere.
  let asked = whose.handedOver() === account ? undefined : "";
  const nothing = () => {};
  return {
    secret: () => proof,
    secrets: () => [],
    setSecret: nothing,
    handedOver: nothing,
    handOver: nothing,
    forgetHandOver: nothing,
    hourAsked: () => asked,
    setHourAsked: (day) => {
      asked = day;
      if (day) whose.handOver(account);
      else whose.forgetHandOver();
    },
  };
};

parts.prepare = ({ config, store }) => {
  const beside = (name) => makeStore({ ...config, name: `${config.name}_${name}` });
  const [own, whose] = [beside("own"), beside("account")];
  const held = () => whose.tokens()[0];
  if (held() !== account) changeHands(held(), store, own);
  // It all lasts as long as the answer itself, which is renewed at each visit.
  if (account || held()) whose.setToken(account ?? "");
  if (own.tokens()[0]) own.setToken(own.tokens()[0]);
  if (own.secret()) own.setSecret(own.secret());

  const { queue, keep } = store;
  if (account) Object.assign(store, asAccount(whose));
  // Another tab may have logged in or out since: what is kept now is somebody else's.
  const whileMine = (call, otherwise) => (...values) => (held() === account ? call(...values) : otherwise());
  const { tokens, setToken, secret, secrets, setSecret } = store;
  Object.assign(store, {
    tokens: whileMine(tokens, () => []),
    setToken: whileMine(setToken, () => {}),
    secret: whileMine(secret, () => {}),
    secrets: whileMine(secrets, () => []),
    setSecret: whileMine(setSecret, () => {}),
    keep: whileMine(keep, () => location.reload()),
    // What an account chose here and could not be sent waits until it is logged in again, with a fresh proof.
    queue: () =>
      queue()
        .filter(({ body }) => accountOf(body.secret) === account)
        .map((item) => (account ? { ...item, body: { ...item.body, secret: proof } } : item)),
  });
  addEventListener("pageshow", ({ persisted }) => persisted && held() !== account && location.reload());
};
