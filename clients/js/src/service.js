import { bytesOf } from "./base64.js";
import { LIST_ENTRIES } from "./state.js";

const REFUSED = [400, 413, 422];
const TIMEOUT_MILLISECONDS = 5000;
const LIST_BYTES = LIST_ENTRIES / 4;
/** Unpacked. The longest changes told at once take an eighth of it. */
const MAX_ANSWER_BYTES = 2 ** 24;

/** The service tells no changes from there on: start from a snapshot. */
export class SnapshotNeeded extends Error {}

/** What was told before is not how the ledger of now began. */
export class AnotherLedger extends Error {}

/** Tell whether one of a byte's four statuses is 2, which is none. */
const holdsNoStatus = (byte) => (byte & 0xaa & ~((byte & 0x55) << 1)) !== 0;

/** Return all bytes of a stream; throws if there are more, which a few on the way may unpack to. */
const readAtMost = async (most, stream) => {
  const parts = [];
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError(`more than ${most} bytes`);
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
};

/** Unpack a status list; throws if it is damaged, or longer than one may be. */
const unpackStatuses = async ({ bits, lst }) => {
  if (bits !== 2) throw new RangeError("a status list of other bits");
  const stream = new Blob([bytesOf(lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const found = await readAtMost(LIST_BYTES, stream);
  if (found.some(holdsNoStatus)) throw new RangeError("a status list holds what is no status");
  return found;
};

const readJson = async ({ body }) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await readAtMost(MAX_ANSWER_BYTES, body)));

/** Return what a gateway asks of one site. */
export const makeService = (url, site, fetcher) => {
  const base = `${url.replace(/\/+$/, "")}/v1/${site}`;
  const send = (path, more) =>
    fetcher(`${base}/${path}`, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...more });
  const ask = async (path) => {
    const answer = await send(path);
    if (answer.status === 409) throw new AnotherLedger("the ledger lost entries that were told of");
    if (answer.status === 410) throw new SnapshotNeeded("the service tells no changes from there on");
    if (answer.status !== 200) throw new Error(`the service answers ${answer.status}`);
    return answer;
  };
  const get = async (path) => readJson(await ask(path));

  /** Return a status list; throws if it is older than a state of this size: another process may know less. */
  const statusList = async (index, size) => {
    const answer = await ask(`status/${index}`);
    if (!(parseInt(answer.headers.get("Ledger-Size"), 10) >= size)) throw new RangeError("a status list is older than the state");
    return unpackStatuses(await readJson(answer));
  };

  /** Return the bytes of all status lists of a ledger of this size. */
  const statusLists = async (ledgerSize) => {
    const statuses = new Uint8Array(Math.ceil(ledgerSize / LIST_ENTRIES) * LIST_BYTES);
    let size = 0;
    for (let index = 0; index * LIST_ENTRIES < ledgerSize; index++) {
      if (size !== index * LIST_BYTES) throw new RangeError("a status list is cut short");
      const list = await statusList(index, ledgerSize);
      statuses.set(list, size);
      size += list.length;
    }
    return statuses.subarray(0, size);
  };

  const changes = (after, lastAt) => get(`changes?after=${after}&last_at=${lastAt}`);

  /** Have a report of what was decided taken in; rejects if it perhaps was not. */
  const report = async (gateway, apiKey, told) => {
    const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
    const answer = await send(`gateways/${gateway}`, { method: "POST", headers, body: JSON.stringify(told) });
    // Told again it would be refused again, and all that was counted since with it.
    if (REFUSED.includes(answer.status)) console.error(`a report of ${gateway} is lost: the service answers ${answer.status}`);
    else if (answer.status !== 204) throw new Error(`the service answers ${answer.status} to a report`);
  };

  return { state: () => get("state"), statusLists, changes, report };
};
