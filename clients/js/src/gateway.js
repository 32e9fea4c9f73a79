import { checkAll } from "./check.js";
import { Reporter } from "./reporting.js";
import { makeService, SnapshotNeeded } from "./service.js";
import { SiteState } from "./state.js";
import { importKeys, makeReader } from "./token.js";

const RETRY_MILLISECONDS = 1000;
const seconds = () => performance.now() / 1000;

/** Decides for one site by what the service last said of it; denies whatever it is not sure of. */
export class Gateway {
  #service;
  #state = null;
  #read = makeReader(new Map());
  #keys = "{}";
  #clock = { told: 0, ours: 0 };
  #polling = null;
  #timer;
  #options;
  #reporter = null;
  #reporting = null;

  constructor(url, site, options = {}) {
    this.#options = { pollMilliseconds: 200, maxStaleSeconds: 60, reportMilliseconds: 10_000, onVerdict: () => {}, ...options };
    this.#service = makeService(url, site, options.fetch ?? ((...asked) => fetch(...asked)));
    const { name, apiKey } = options;
    if (name) this.#reporter = new Reporter((told) => this.#service.report(name, apiKey, told), this.#isKnown);
  }

  /** Follow in the background from now on; settles once the service answered for the first time. */
  start() {
    if (this.#reporter) {
      this.#reporting = setInterval(() => this.report().catch((error) => console.warn("consent:", error)), this.#options.reportMilliseconds);
      this.#reporting.unref?.();
    }
    return new Promise((done) => {
      const go = async () => {
        let pause = this.#options.pollMilliseconds;
        try {
          await this.poll();
          done();
        } catch (error) {
          console.warn("consent:", error);
          pause = RETRY_MILLISECONDS;
        }
        if (this.#timer === null) return;
        this.#timer = setTimeout(go, pause);
        // To follow is no reason for a program not to end.
        this.#timer.unref?.();
      };
      go();
    });
  }

  /** Stop following; settles once what is left was reported, if it could be. */
  async close() {
    clearTimeout(this.#timer);
    clearInterval(this.#reporting);
    this.#timer = this.#reporting = null;
    await this.report().catch((error) => console.warn("consent:", error));
  }

  /** Report what was decided, now; rejects if it perhaps was not taken: it is reported again with the next. */
  async report() {
    const state = this.#state;
    const position = state?.asOf > 0 ? { size: state.size, as_of: state.asOf } : null;
    // Where nothing runs between requests, nobody knows whether this is the last.
    await this.#reporter?.report(position, this.#reporting === null);
  }

  /** Count events that were passed on, to be compared with what was allowed. */
  forwarded(purpose, times = 1) {
    this.#reporter?.forward(purpose, times);
  }

  /** Take in what is new, now; rejects if that cannot be told for sure. Where nothing runs between requests, this is all there is. */
  poll() {
    this.#polling ??= this.#follow().finally(() => (this.#polling = null));
    return this.#polling;
  }

  /** Decide whether a purpose, or a vendor in it, may run. Of several tokens all must allow. */
  async decide(token, purpose, { vendor = null, gpc = false } = {}) {
    const texts = Array.isArray(token) ? token : [token ?? []].flat();
    const tokens = await Promise.all(texts.map(this.#read));
    const state = this.#state;
    const now = this.#clock.told + seconds() - this.#clock.ours;
    const verdict = state ? checkAll(state, tokens, purpose, now, { vendor, gpc }) : { allowed: false, reason: "stale" };
    this.#reporter?.count(purpose, verdict);
    this.#options.onVerdict(purpose, verdict);
    return verdict;
  }

  #isKnown = (purpose) => Object.hasOwn(this.#state?.terms?.purposes ?? {}, purpose);

  async #follow() {
    try {
      await this.#catchUp();
    } catch (error) {
      if (!(error instanceof SnapshotNeeded)) throw error;
      await this.#catchUp();
    }
  }

  async #catchUp() {
    const state = (this.#state ??= await this.#started());
    while (!(await this.#isUpToDate(state)));
  }

  async #isUpToDate(state) {
    const sent = seconds();
    try {
      const told = await this.#service.changes(state.size - 1);
      await this.#takeIn(state, told);
      if (state.size < told.size) return false;
      this.#freshen(state, told, sent);
      return true;
    } catch (error) {
      // What we hold is not what the ledger says now: nothing rests on it.
      if (error instanceof SnapshotNeeded) this.#state = null;
      throw error;
    }
  }

  async #takeIn(state, { origin, size, changes, keys }) {
    if (origin !== state.origin || size < state.size) throw new SnapshotNeeded("the ledger is another one");
    try {
      if (!changes.length && state.size < size) throw new RangeError(`change ${state.size} is missing`);
      for (const change of changes) state.apply(change);
      await this.#trust(keys);
    } catch (error) {
      throw new SnapshotNeeded(error.message);
    }
  }

  async #started() {
    const { told, statuses } = await this.#service.snapshot();
    return new SiteState(told, statuses, this.#options.maxStaleSeconds);
  }

  async #trust(keys) {
    const told = JSON.stringify(keys);
    if (told === this.#keys) return;
    this.#read = makeReader(await importKeys(keys));
    this.#keys = told;
  }

  /** Believe an answer's clocks, unless it may be one that was kept on the way. */
  #freshen(state, { now, as_of: asOf }, sent) {
    if (!(now > this.#clock.told)) return;
    this.#clock = { told: now, ours: sent };
    state.asOf = asOf;
  }
}
