const encoder = new TextEncoder();

export const utf8 = (text) => encoder.encode(text);

/** Return the bytes of base64, which has to be written in the one canonical way. */
export const fromBase64 = (text) => {
  const raw = atob(text);
  if (btoa(raw) !== text) throw new Error("base64 is not canonical");
  return Uint8Array.from(raw, (character) => character.charCodeAt(0));
};

export const concat = (...parts) => Uint8Array.from(parts.flatMap((part) => [...part]));

export const isEqual = (a, b) => a.length === b.length && a.every((byte, place) => byte === b[place]);
