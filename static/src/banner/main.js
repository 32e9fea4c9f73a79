import { makeApi, publish } from "./api.js";
import { allows, bodyOf, decide, decisionsOf, grants, newestNumber, undecided } from "./choice.js";
import { complete, findPurpose, findVendor } from "./config.js";
import { makeGate, makePolicy } from "./gate.js";
import { newKey, randomHex } from "./random.js";
import { makeSender } from "./sender.js";
import { hasGpc } from "./signals.js";
import { makeStore } from "./store.js";
import { makeSync } from "./sync.js";
import { newestText, readToken } from "./token.js";
import { makeLinks, makeView } from "./view.js";

/** Wait until a frame is painted; a page that nobody sees paints none, and waits a moment. */
const painted = () =>
  new Promise((done) => {
    requestAnimationFrame(() => setTimeout(done));
    setTimeout(done, 200);
  });

const withoutQuery = (address) => address.split(/[?#]/, 1)[0];

const start = (config, nonce) => {
  const { site, optional } = config;
  const store = makeStore(config);
  const read = (text) => readToken(text, site);
  parts.prepare?.({ config, store, read });

  const texts = () => store.queue()[0]?.tokens ?? store.tokens();
  const known = () => ({
    tokens: texts().map(read),
    queue: store.queue(),
    gpc: hasGpc(navigator),
    now: Date.now() / 1000,
    stands: parts.stands,
  });

  // Who was in the preference center may have taken something back there.
  const isInDoubt = () => !!(store.handedOver() || (store.secret() && store.hourAsked() === ""));

  let answer = isInDoubt() ? { ...known(), tokens: [null] } : known();
  const asked = () => undecided(optional, answer);

  const isAllowed = (id, vendorId) => {
    const purpose = findPurpose(config, id, vendorId);
    return !!purpose && allows(purpose, findVendor(config, vendorId), answer);
  };
  // A first no changes nothing of what is allowed, but it is an answer.
  const standing = () => asked().length + optional.map(({ id, vendors }) => [undefined, ...vendors].map((vendor) => isAllowed(id, vendor))).join();
  let told = standing();

  const choose = (decisions, how, { layout, vendors = {} } = {}) => {
    const isGrant = grants(decisions, vendors);
    const secret = store.secret() ?? store.handedOver() ?? (isGrant ? randomHex() : undefined);
    if (isGrant) store.setSecret(secret);
    const body = bodyOf(config, { ...parts.said?.(), ...decisions }, known(), { key: newKey(), vendors, secret, how, layout });
    store.keep({ at: Date.now(), tokens: texts(), body });
    store.setToken("pending");
    refresh();
    // What is kept is not lost.
    painted().then(synchronise);
  };
  const chooseAll = (purposes, wants, how, layout) => {
    if (purposes.length) choose(decide(purposes, wants, answer), how, { layout });
  };

  /** Decide for a page or an app; `wants` is keyed by purpose, or by `purpose:vendor`. */
  const set = (wants) => {
    const made = optional.filter(({ id }) => id in wants);
    const vendors = Object.keys(wants).filter((name) => name.includes(":") && findPurpose(config, ...name.split(":")));
    const exceptions = vendors.map((name) => [name, wants[name] ? "granted" : "refused"]);
    if (made.length + vendors.length)
      choose(decide(made, ({ id }) => wants[id], answer), "api", { vendors: Object.fromEntries(exceptions) });
  };

  const isCenter = ({ href }) => withoutQuery(href) === withoutQuery(config.preferences);

  /** Hand the visitor's secret over to the preference center, for the length of a click. */
  const handOver = (event) => {
    const link = event.composedPath().find((node) => node.localName === "a");
    if (event.defaultPrevented || event.button > 1 || !link || !isCenter(link)) return;
    const secret = store.secret() ?? store.handedOver() ?? randomHex();
    store.handOver(secret);
    if (store.hourAsked()) store.setHourAsked("");
    const { href } = link;
    link.hash = `secret=${secret}`;
    // The preference center takes a visitor's secret only from a page of this site.
    link.referrerPolicy = "origin";
    setTimeout(() => (link.href = href));
  };

  const open = async () => {
    const dialog = await import(config.dialog).catch(console.warn);
    dialog?.openDialog({ config, store, chooseAll, synchronise, root: view.root, answer: known(), links: makeLinks(config) });
  };

  const answerAll = (wanted) => async () => {
    const { host } = view.root;
    if (host.hidden) return;
    // The answer on the screen comes first.
    host.hidden = true;
    await painted();
    chooseAll(asked(), () => wanted, "banner", "box");
  };
  const view = makeView(config, { accept: answerAll(true), reject: answerAll(false), open });
  const policy = makePolicy();
  const openGate = makeGate(isAllowed, nonce, policy);

  const tell = () => {
    const stands = standing();
    if (stands === told) return;
    told = stands;
    const detail = { decisions: decisionsOf(optional, answer) };
    document.dispatchEvent(new CustomEvent("consent:change", { detail }));
  };

  const refresh = async () => {
    const shown = known();
    if (optional.length) view.show(undecided(optional, shown), shown.tokens.length > 0);
    if (isInDoubt()) return;
    answer = shown;
    // The click is answered first; what it allows runs after that.
    await painted();
    tell();
    openGate();
  };

  const keepRefusals = (decisions) => choose(decisions, "banner");
  const bringTogether = makeSync(config, store, makeSender(config, store), { known, keepRefusals });
  const synchronise = async () => {
    await bringTogether();
    refresh();
    view.tellUnsent(store.queue().length > 0);
  };

  const refreshAndSynchronise = () => {
    refresh();
    synchronise();
  };

  const renew = (read, write) => {
    const values = read();
    if (values.length) write(newestText(values, site));
  };
  renew(store.tokens, store.setToken);
  renew(store.secrets, store.setSecret);

  const withdraw = () => chooseAll(optional, () => false, "api");
  const token = () => store.tokens().find(read) ?? null;
  const record = () => {
    const number = newestNumber(known().tokens);
    return number === undefined ? null : { number, receipt: `${config.api}records/${number}` };
  };
  const api = makeApi({ allows: isAllowed, token, record, open, set, withdraw });
  publish(api);
  // What else this site's notice uses: the server puts it in front, each a call of `parts.push`.
  for (const part of parts) part({ config, api, nonce, policy, asked, refresh, view });
  refreshAndSynchronise();
  // On the window: a page that takes such a click for itself has done so by then.
  ["click", "auxclick"].forEach((type) => addEventListener(type, handOver));
  ["online", "pageshow"].forEach((type) => addEventListener(type, refreshAndSynchronise));
  document.addEventListener("visibilitychange", () => document.hidden || synchronise());
  // The link back from the preference center brings a no that names nobody; what takes it comes with the settings.
  if (/#consent=/.test(location)) open();
};

const { src, nonce } = document.currentScript;
const config = complete("__CONSENT_CONFIG__", src);
const begin = () => window.consent?.ready || start(config, nonce);
// A page prepared in advance is one that nobody has visited yet; but what holds tags has to be there before them.
if (document.prerendering && !config.blocking) document.addEventListener("prerenderingchange", begin);
else begin();
