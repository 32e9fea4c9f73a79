/** The status of an entry, as in the IETF's Token Status List. */
export const IN_FORCE = 0;
export const WITHDRAWN = 1;
export const SUPERSEDED = 3;
const STATUSES = [IN_FORCE, WITHDRAWN, SUPERSEDED];

/** How long a signed record may take to become visible to whoever follows. */
export const SETTLING_SECONDS = 10;

/** Entries of one status list. */
export const LIST_ENTRIES = 262_144;

/** The site state: all that is needed to decide, folded from changes. Times are seconds since the epoch. */
export class SiteState {
  #statuses;

  /** Start from a snapshot and the bytes of its status lists; it is stale until `asOf` is set. Throws if they are too short or anything is missing. */
  constructor({ site, origin, size, terms, suspended }, statuses, maxStaleSeconds) {
    if (!Number.isSafeInteger(size) || !(statuses.length * 4 >= size)) throw new RangeError("there is not a status for each entry");
    if (typeof origin !== "string" || !Array.isArray(suspended)) throw new RangeError("a state without its ledger or what is suspended");
    this.site = site;
    this.origin = origin;
    this.size = size;
    this.terms = terms;
    this.suspended = new Set(suspended);
    this.maxStaleSeconds = maxStaleSeconds;
    this.asOf = -Infinity;
    this.#statuses = new Uint8Array(Math.max(1024, statuses.length * 2));
    this.#statuses.set(statuses.subarray(0, Math.ceil(size / 4)));
  }

  /** Return the status of an entry below `size`. */
  status(number) {
    return (this.#statuses[Math.floor(number / 4)] >> (2 * (number % 4))) & 3;
  }

  /** Take in the next change; throws unless it is exactly the next. */
  apply(change) {
    const { number, status, previous = null, previous_status = SUPERSEDED, terms, suspension, erased = [] } = change;
    const { purged_below = 0 } = change;
    const about = [previous ?? 0, purged_below, ...erased];
    const isWhole = [status, previous_status].every((one) => STATUSES.includes(one));
    if (!isWhole || number !== this.size || !about.every((one) => Number.isSafeInteger(one) && one >= 0 && one <= number))
      throw new RangeError(`change ${number} does not follow ${this.size - 1}`);
    this.#grow(number);
    this.#set(number, status);
    if (previous !== null) this.#set(previous, previous_status);
    if (terms) this.terms = terms;
    if (suspension) this.#suspend(suspension);
    for (const one of erased) this.#set(one, WITHDRAWN);
    for (let one = 0; one < purged_below; one++) this.#set(one, WITHDRAWN);
    this.size += 1;
  }

  #suspend({ lifted, purpose, vendor }) {
    const target = purpose ?? `:${vendor}`;
    if (lifted) this.suspended.delete(target);
    else this.suspended.add(target);
  }

  #set(number, status) {
    const place = Math.floor(number / 4);
    const shift = 2 * (number % 4);
    this.#statuses[place] = (this.#statuses[place] & ~(3 << shift)) | (status << shift);
  }

  #grow(number) {
    if (number < this.#statuses.length * 4) return;
    const grown = new Uint8Array(this.#statuses.length * 2);
    grown.set(this.#statuses);
    this.#statuses = grown;
  }
}
