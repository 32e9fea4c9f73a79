const BITS_32 = 2 ** 32;

/** Decode the part of msgpack that tokens use; integers above 53 bits are BigInt. Throws on anything else. */
export const unpack = (bytes) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let at = 0;

  const take = (size) => {
    at += size;
    if (at > bytes.length) throw new RangeError("msgpack ends too early");
    return at - size;
  };
  const text = (size) => utf8.decode(bytes.subarray(take(size), at));
  const list = (size) => Array.from({ length: size }, next);
  const long = () => {
    const place = take(8);
    const high = view.getUint32(place);
    return high < 2 ** 21 ? high * BITS_32 + view.getUint32(place + 4) : view.getBigUint64(place);
  };
  const next = () => {
    const type = view.getUint8(take(1));
    if (type < 0x80) return type;
    if (type >> 4 === 9) return list(type & 15);
    if (type >> 5 === 5) return text(type & 31);
    switch (type) {
      case 0xc0:
        return null;
      case 0xc2:
      case 0xc3:
        return type === 0xc3;
      case 0xcc:
        return view.getUint8(take(1));
      case 0xcd:
        return view.getUint16(take(2));
      case 0xce:
        return view.getUint32(take(4));
      case 0xcf:
        return long();
      case 0xd9:
        return text(view.getUint8(take(1)));
      case 0xdc:
        return list(view.getUint16(take(2)));
      default:
        throw new RangeError(`msgpack of type ${type}`);
    }
  };

  const value = next();
  if (at !== bytes.length) throw new RangeError("msgpack goes on");
  return value;
};
