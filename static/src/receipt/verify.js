import { fromBase64, isEqual } from "./bytes.js";
import { readCheckpoint, readKey } from "./checkpoint.js";
import { rootOver } from "./merkle.js";

const HEADER = "c2sp.org/tlog-proof@v1";

/** Return HMAC-SHA-256(salt, body), which is what the ledger holds of an entry. */
const commitmentOf = async (body, salt) => {
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", salt, algorithm, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, body));
};

/** Return the content of one entry once it is proven, else throw. */
const provenContent = async ({ body, salt, proof }, key) => {
  const bytes = fromBase64(body);
  const end = proof.indexOf("\n\n");
  const [header, index, ...path] = proof.slice(0, end).split("\n");
  const [, number] = /^index (0|[1-9][0-9]*)$/.exec(index);
  const content = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  if (header !== HEADER || String(content.number) !== number) throw new Error("it proves another entry");
  const { size, root } = await readCheckpoint(proof.slice(end + 2), key);
  const entry = await commitmentOf(bytes, fromBase64(salt));
  const reached = await rootOver(entry, number, size, path.map(fromBase64));
  if (!isEqual(reached, root)) throw new Error("the entry is not in the signed ledger");
  return content;
};

/** Return the record and the publication that a receipt proves, else throw. */
export const verify = async ({ evidence }) => {
  const key = await readKey(evidence.key);
  const record = await provenContent(evidence.record, key);
  const publication = await provenContent(evidence.publication, key);
  const isItsNotice = record.site === publication.site && record.notice === publication.version;
  if (record.kind !== "record" || publication.kind !== "publication" || !isItsNotice)
    throw new Error("the record was made under another notice");
  if (publication.number > record.number) throw new Error("the notice was published afterwards");
  return { record, publication };
};

/** Return the value that a dotted path leads to. */
export const valueAt = (proven, path) => path.split(".").reduce((value, name) => value?.[name], proven);
