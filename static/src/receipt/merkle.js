import { concat } from "./bytes.js";

const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

/** Return the root that a path leads to from an entry (RFC 6962, RFC 9162 2.1.3.2). */
export const rootOver = async (entry, number, size, path) => {
  let [place, last] = [BigInt(number), BigInt(size) - 1n];
  if (place > last) throw new Error("the entry is not among those signed");
  let hash = await sha256(concat([0], entry));
  for (const sibling of path) {
    if (last === 0n) throw new Error("the path is too long");
    if (place % 2n || place === last) {
      hash = await sha256(concat([1], sibling, hash));
      while (!(place % 2n) && place) [place, last] = [place / 2n, last / 2n];
    } else {
      hash = await sha256(concat([1], hash, sibling));
    }
    [place, last] = [place / 2n, last / 2n];
  }
  if (last !== 0n) throw new Error("the path is too short");
  return hash;
};
