import { checkAll } from "./check.js";
import { Following } from "./following.js";
import { Reporter } from "./reporting.js";
import { makeService } from "./service.js";

const RETRY_MILLISECONDS = 1000;
const MOST_STALE_SECONDS = 3600;

/** Decides for one site by what the service last said of it; denies whatever it is not sure of. */
export class Gateway {
  #following;
  #polling = null;
  #timer;
  #options;
  #reporter = null;
  #reporting = null;

  /** Prepare to follow; throws a RangeError for what would never decide or report. */
  constructor(url, site, options = {}) {
    this.#options = { pollMilliseconds: 200, maxStaleSeconds: 60, reportMilliseconds: 10_000, onVerdict: () => {}, ...options };
    const { name, apiKey, pollMilliseconds, maxStaleSeconds, reportMilliseconds } = this.#options;
    if (!/^https?:\/\//.test(url)) throw new RangeError("url: expected http://… or https://…");
    if (![pollMilliseconds, maxStaleSeconds, reportMilliseconds].every((one) => one > 0 && one < Infinity) || maxStaleSeconds > MOST_STALE_SECONDS)
      throw new RangeError(`times: expected more than 0, maxStaleSeconds at most ${MOST_STALE_SECONDS}`);
    if (name && !apiKey) throw new RangeError("a gateway that reports needs an apiKey beside its name");
    const service = makeService(url, site, options.fetch ?? ((...asked) => fetch(...asked)));
    this.#following = new Following(service, maxStaleSeconds);
    if (name) this.#reporter = new Reporter((told) => service.report(name, apiKey, told), this.#isKnown);
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
    const { state } = this.#following;
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
    this.#polling ??= this.#following.poll().finally(() => (this.#polling = null));
    return this.#polling;
  }

  /** Decide whether a purpose, or a vendor in it, may run. Of several tokens all must allow. */
  async decide(token, purpose, { vendor = null, gpc = false } = {}) {
    const texts = Array.isArray(token) ? token : [token ?? []].flat();
    const tokens = await Promise.all(texts.map(this.#following.read));
    const { state, now } = this.#following;
    const verdict = state ? checkAll(state, tokens, purpose, now, { vendor, gpc }) : { allowed: false, reason: "stale" };
    this.#reporter?.count(purpose, verdict);
    this.#options.onVerdict(purpose, verdict);
    return verdict;
  }

  #isKnown = (purpose) => Object.hasOwn(this.#following.state?.terms?.purposes ?? {}, purpose);
}
