const ALPHABET = /^[\w-]*$/;

/** Decode base64url without padding; only the text that encoding gives is accepted. Throws a SyntaxError. */
export const bytesOf = (text) => {
  if (!ALPHABET.test(text)) throw new SyntaxError("not base64url");
  const plain = text.replace(/-/g, "+").replace(/_/g, "/");
  const binary = atob(plain);
  if (btoa(binary).replace(/=+$/, "") !== plain) throw new SyntaxError("not canonical base64url");
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
};
