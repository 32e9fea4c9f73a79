import { AnotherLedger, SnapshotNeeded } from "./service.js";
import { SETTLING_SECONDS, SiteState } from "./state.js";
import { importKeys, makeReader } from "./token.js";

/** Who is less behind needs no snapshot: whoever has no changes for them is late. */
const REACHED = 65_536 - 10_000;
const seconds = () => performance.now() / 1000;

/** Follows one site: a snapshot first, then its changes; tells the state, what reads tokens, and the service's clock. */
export class Following {
  state = null;
  read = makeReader(new Map());
  #service;
  #maxStaleSeconds;
  #keys = "{}";
  #clock = { told: 0, ours: 0 };
  #lastAt = 0;
  #seen = { origin: null, size: 0, asOf: 0 };
  #behindSince = null;
  #voidOrigin = null;

  constructor(service, maxStaleSeconds) {
    this.#service = service;
    this.#maxStaleSeconds = maxStaleSeconds;
  }

  /** What the service's clock shows now, without asking it. */
  get now() {
    return this.#clock.told + seconds() - this.#clock.ours;
  }

  /** Take in what is new; rejects if that cannot be told for sure. */
  async poll() {
    const heardBefore = this.#clock.told;
    try {
      await this.#catchUp();
      // One answer may be an old one that was kept on the way.
      if (!heardBefore) await this.#catchUp();
    } catch (error) {
      if (error instanceof AnotherLedger) this.#giveUp(error.message);
      if (!(error instanceof SnapshotNeeded)) throw error;
      await this.#start();
      await this.#catchUp();
    }
  }

  async #catchUp() {
    if (!this.state) await this.#start();
    while (this.state && !(await this.#isUpToDate(this.state)));
  }

  async #isUpToDate(state) {
    const sent = seconds();
    const told = await this.#service.changes(state.size - 1, this.#lastAt);
    if (told.origin === state.origin && told.size < state.size) throw new SnapshotNeeded("the ledger is shorter than it was");
    try {
      this.#takeIn(state, told);
      if (state.size === told.size) await this.#freshen(state, told, sent);
    } catch (error) {
      // What we hold is not what the ledger says now: nothing rests on it.
      this.state = null;
      throw new SnapshotNeeded(error.message);
    }
    return state.size === told.size;
  }

  #takeIn(state, { origin, size, changes, last_at: lastAt, as_of: asOf }) {
    if (origin !== state.origin) throw new RangeError("the ledger is another one");
    if (!Number.isSafeInteger(size)) throw new RangeError("the ledger has no size");
    if (!changes.length && state.size < size) throw new RangeError(`change ${state.size} is missing`);
    for (const change of changes) state.apply(change);
    this.#lastAt = lastAt;
    this.#seen = { origin, size: state.size, asOf };
  }

  /** Believe an answer that is newer than one heard before. */
  async #freshen(state, { now, as_of: asOf, keys }, sent) {
    this.#behindSince = null;
    const heard = this.#clock.told;
    // What is so large that it stands still would never be stale.
    if (!(now > heard && now < 2 ** 40)) return;
    if (heard) await this.#trust(keys);
    this.#clock = { told: now, ours: sent };
    // What was known later than it was told is not to be believed.
    if (heard) state.asOf = Math.min(asOf, now);
  }

  async #trust(keys) {
    const told = JSON.stringify(keys);
    if (told === this.#keys) return;
    this.read = makeReader(await importKeys(keys));
    this.#keys = told;
  }

  /** Start from the state of now, which is not fresh yet. */
  async #start() {
    const told = await this.#service.state().catch((error) => {
      this.state = null;
      throw error;
    });
    if (told.origin === this.#voidOrigin) throw new Error("the ledger, which lost entries, has no new origin yet");
    if (told.origin === this.#seen.origin && told.size < this.#seen.size) {
      if (told.as_of <= this.#seen.asOf) throw new Error("a process of the service is late");
      return this.#fallBehind(told.size);
    }
    if (this.state?.origin === told.origin && told.size - this.state.size < REACHED) throw new Error("a process of the service is late");
    this.state = null;
    this.state = new SiteState(told, await this.#service.statusLists(told.size), this.#maxStaleSeconds);
    this.#lastAt = told.last_at;
    this.#seen = { origin: told.origin, size: told.size, asOf: told.as_of };
  }

  /** Believe nothing for now: another process of the service may be a moment late. Throws if it stays so. */
  #fallBehind(size) {
    this.#behindSince ??= seconds();
    if (seconds() - this.#behindSince > SETTLING_SECONDS) this.#giveUp(`of ${this.#seen.size} entries there are ${size} left`);
  }

  /**
   * Believe this ledger never again; throws.
   *
   * The numbers that it lost are given anew: tokens would pass for others'. Under another origin it is another ledger,
   * whose keys did not sign them.
   */
  #giveUp(why) {
    this.state = null;
    this.#voidOrigin = this.#seen.origin;
    throw new Error(why);
  }
}
