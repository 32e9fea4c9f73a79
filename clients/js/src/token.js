import { bytesOf } from "./base64.js";
import { unpack } from "./msgpack.js";

const CONTEXT = new TextEncoder().encode("consent-token/v1\n");
/** No browser sends a longer cookie. */
const MAX_LENGTH = 4096;
/** Tokens whose signature was verified and that are kept. */
const REMEMBERED = 10_000;
const FIELDS = ["site", "number", "notice", "allowed", "exceptions", "gpc", "issued", "expires"];

const isCount = (value) => typeof value === "bigint" || (Number.isSafeInteger(value) && value >= 0);
const isException = (value) =>
  Array.isArray(value) && value.length === 3 && value.slice(0, 2).every(Number.isSafeInteger) && typeof value[2] === "boolean";
const SHAPES = {
  site: (value) => typeof value === "string",
  number: (value) => value === null || Number.isSafeInteger(value),
  notice: Number.isSafeInteger,
  allowed: isCount,
  exceptions: (value) => Array.isArray(value) && value.every(isException),
  gpc: (value) => typeof value === "boolean",
  issued: Number.isSafeInteger,
  expires: Number.isSafeInteger,
};

const tokenOf = (values) => {
  if (!Array.isArray(values) || values.length !== FIELDS.length) throw new TypeError("not a token");
  const token = Object.fromEntries(FIELDS.map((field, index) => [field, values[index]]));
  if (!FIELDS.every((field) => SHAPES[field](token[field]))) throw new TypeError("not a token");
  return token;
};

/** Return public keys by their ids, from base64url. Throws if one is none. */
export const importKeys = async (keys) => {
  const imported = Object.entries(keys).map(async ([kid, text]) => [
    kid,
    await crypto.subtle.importKey("raw", bytesOf(text), "Ed25519", false, ["verify"]),
  ]);
  return new Map(await Promise.all(imported));
};

/** Return what reads tokens signed by one of these keys: the token, or null. Its term is not judged. */
export const makeReader = (keys) => {
  const read = new Map();

  const verified = async (text) => {
    try {
      const [kid, payload, signature, ...rest] = text.split(".");
      const key = keys.get(kid);
      if (!key || rest.length || text.length > MAX_LENGTH) return null;
      const signed = new TextEncoder().encode(`${kid}.${payload}`);
      const message = new Uint8Array([...CONTEXT, ...signed]);
      const isOurs = await crypto.subtle.verify("Ed25519", key, bytesOf(signature), message);
      return isOurs ? tokenOf(unpack(bytesOf(payload))) : null;
    } catch {
      return null;
    }
  };

  return async (text) => {
    const known = read.get(text);
    if (known) return known;
    const token = await verified(text);
    // What is forged is not remembered: whoever forges could crowd out the others.
    if (token) {
      if (read.size >= REMEMBERED) read.delete(read.keys().next().value);
      read.set(text, token);
    }
    return token;
  };
};
