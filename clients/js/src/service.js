import { bytesOf } from "./base64.js";
import { LIST_ENTRIES } from "./state.js";

const TIMEOUT_MILLISECONDS = 5000;
const LIST_BYTES = LIST_ENTRIES / 4;

/** The service tells no changes from there on: start from a snapshot. */
export class SnapshotNeeded extends Error {}

/** Unpack a status list; throws if it is damaged, or longer than one may be. */
const unpackStatuses = async ({ bits, lst }) => {
  if (bits !== 2) throw new RangeError("a status list of other bits");
  const stream = new Blob([bytesOf(lst)]).stream().pipeThrough(new DecompressionStream("deflate"));
  const statuses = new Uint8Array(LIST_BYTES);
  let size = 0;
  for (const reader = stream.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return statuses.subarray(0, size);
    if (size + value.length > LIST_BYTES) throw new RangeError("a status list that is too long");
    statuses.set(value, size);
    size += value.length;
  }
};

/** Return what a gateway asks of one site. */
export const makeService = (url, site, fetcher) => {
  const base = `${url.replace(/\/+$/, "")}/v1/${site}`;
  const ask = (path, more) =>
    fetcher(`${base}/${path}`, { redirect: "error", signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS), ...more });
  const get = async (path) => {
    const answer = await ask(path);
    if (answer.status === 410) throw new SnapshotNeeded("the service tells no changes from there on");
    if (answer.status !== 200) throw new Error(`the service answers ${answer.status}`);
    return answer.json();
  };

  /** Return the state and the bytes of all its status lists. */
  const snapshot = async () => {
    const told = await get("state");
    const statuses = new Uint8Array(Math.ceil(told.size / LIST_ENTRIES) * LIST_BYTES);
    let size = 0;
    for (let index = 0; index * LIST_ENTRIES < told.size; index++) {
      if (size !== index * LIST_BYTES) throw new RangeError("a status list is cut short");
      const list = await unpackStatuses(await get(`status/${index}`));
      statuses.set(list, size);
      size += list.length;
    }
    return { told, statuses: statuses.subarray(0, size) };
  };

  /** Have a report of what was decided taken in; rejects if it perhaps was not. */
  const report = async (gateway, apiKey, told) => {
    const headers = { Authorization: `Bearer ${apiKey}`, "Content-Type": "application/json" };
    const answer = await ask(`gateways/${gateway}`, { method: "POST", headers, body: JSON.stringify(told) });
    if (answer.status !== 204) throw new Error(`the service answers ${answer.status} to a report`);
  };

  return { snapshot, report, changes: (after) => get(`changes?after=${after}`) };
};
