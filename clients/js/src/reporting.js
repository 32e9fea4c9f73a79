const UNNAMED = "";

const newInstance = () =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// No prototype: a purpose may have any name.
const noCounts = () => Object.create(null);
const add = (counts, name, times) => (counts[name] = (counts[name] ?? 0) + times);

/** Counts what one process decides and tells it in batches; what was not taken is told again. */
export class Reporter {
  #send;
  #isKnown;
  #instance;
  #sequence = 0;
  #decided = noCounts();
  #forwarded = noCounts();
  #held = noCounts();
  #waiting = null;
  #telling = Promise.resolve();

  constructor(send, isKnown) {
    this.#send = send;
    this.#isKnown = isKnown;
  }

  count(purpose, { reason }) {
    add((this.#decided[this.#named(purpose)] ??= noCounts()), reason, 1);
  }

  forward(purpose, times) {
    if (!Number.isSafeInteger(times) || times < 0) throw new RangeError("times: expected a whole number, 0 or more");
    if (times > 0) add(this.#forwarded, this.#named(purpose), times);
  }

  /** Tell what is waiting, then what was counted since; `closed` says that nothing may follow. */
  report(position, closed) {
    const told = this.#telling.then(() => this.#report(position, closed));
    this.#telling = told.catch(() => {});
    return told;
  }

  async #report(position, closed) {
    // Not before: workers have no random numbers while they start.
    this.#instance ??= newInstance();
    const tell = (batch) => this.#send({ instance: this.#instance, ...batch, ...(position && { position }), closed });
    if (this.#waiting) await tell(this.#waiting);
    this.#waiting = this.#next(closed);
    await tell(this.#waiting);
    this.#waiting = null;
  }

  #next(isLast) {
    const decided = this.#decided;
    this.#decided = noCounts();
    return { sequence: ++this.#sequence, decided, forwarded: this.#nextForwarded(isLast) };
  }

  /**
   * What was passed on is told a batch later than what was decided, lest somebody who counts both in
   * two processes sees it before its verdict.
   */
  #nextForwarded(isLast) {
    const told = this.#held;
    const counted = this.#forwarded;
    this.#forwarded = noCounts();
    this.#held = isLast ? noCounts() : counted;
    if (isLast) for (const [purpose, times] of Object.entries(counted)) add(told, purpose, times);
    return told;
  }

  /** What is no purpose of the site may be anything: it is counted without its name. */
  #named(purpose) {
    return this.#isKnown(purpose) ? purpose : UNNAMED;
  }
}
