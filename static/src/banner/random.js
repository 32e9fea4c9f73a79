/** Return so many random bytes as hexadecimal digits. */
export const randomHex = (count = 16) =>
  [...crypto.getRandomValues(new Uint8Array(count))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Return a key for an act. It begins with the second, so that new ones lie together in an index. */
export const newKey = () => ((Date.now() / 1e3) >>> 0).toString(16).padStart(8, "0") + randomHex(12);
