import { concat, fromBase64, isEqual, utf8 } from "./bytes.js";

const ED25519 = 1;

/** Return name and key of a verifier key (C2SP signed-note). */
export const readKey = async (text) => {
  const [, origin, hash, encoded] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text);
  const [kind, ...raw] = fromBase64(encoded);
  const named = concat(utf8(`${origin}\n`), [kind, ...raw]);
  const id = new Uint8Array(await crypto.subtle.digest("SHA-256", named)).slice(0, 4);
  const hex = [...id].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (kind !== ED25519 || hex !== hash) throw new Error("the key is not what its hash says");
  const usages = ["verify"];
  const key = await crypto.subtle.importKey("raw", Uint8Array.from(raw), "Ed25519", false, usages);
  return { origin, id, key };
};

/** Return size and root of a checkpoint that a key signed, else throw. */
export const readCheckpoint = async (note, { origin, id, key }) => {
  const end = note.lastIndexOf("\n\n");
  const text = note.slice(0, end + 1);
  const [named, size, root] = text.split("\n");
  if (named !== origin || !/^(0|[1-9][0-9]*)$/.test(size)) throw new Error("it is of another ledger");
  for (const line of note.slice(end + 2).split("\n")) {
    const [dash, name, encoded] = line.split(" ");
    if (dash !== "—" || name !== origin) continue;
    const signature = fromBase64(encoded);
    if (!isEqual(signature.slice(0, 4), id)) continue;
    if (await crypto.subtle.verify("Ed25519", key, signature.slice(4), utf8(text)))
      return { size, root: fromBase64(root) };
  }
  throw new Error("the key did not sign the checkpoint");
};
