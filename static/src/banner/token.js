const FIELDS = ["site", "number", "notice", "allowed", "exceptions", "gpc", "issued", "expires"];

/** Decode base64url; only the text that encoding gives is accepted. */
const bytesOf = (text) => {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  const again = btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  if (again !== text) throw text;
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};

/** Decode the part of msgpack that tokens use. */
const unpack = (bytes) => {
  let at = 0;
  const number = (size) => {
    let value = 0;
    while (size--) value = value * 256 + bytes[at++];
    return value;
  };
  const text = (size) => new TextDecoder().decode(bytes.subarray(at, (at += size)));
  const list = (size) => Array.from({ length: size }, next);
  const next = () => {
    const type = number(1);
    if (type < 0x80) return type;
    if (type >> 4 === 9) return list(type & 15);
    if (type >> 5 === 5) return text(type & 31);
    if (type === 0xc0) return null;
    if (type === 0xc2 || type === 0xc3) return type === 0xc3;
    if (type >= 0xcc && type <= 0xcf) return number(1 << (type - 0xcc));
    if (type === 0xd9) return text(number(1));
    if (type === 0xdc) return list(number(2));
    throw type;
  };
  const value = next();
  if (at !== bytes.length) throw at;
  return value;
};

/** Return what a token's text states, or null if it is none of this site's. Nothing is verified. */
export const readToken = (text, site) => {
  try {
    const values = unpack(bytesOf(text.split(".")[1]));
    const token = Object.fromEntries(FIELDS.map((field, index) => [field, values[index]]));
    return values.length === FIELDS.length && token.site === site ? token : null;
  } catch {
    return null;
  }
};

/** Return the text issued last: where cookies of one name contradict, the newest act counts. */
export const newestText = (texts, site) => {
  const issued = (text) => readToken(text, site)?.issued ?? 0;
  return texts.reduce((newest, text) => (issued(text) > issued(newest) ? text : newest));
};
