"""Small values packed into bytes, the first one lowest (IETF Token Status List)."""

from collections.abc import Iterator
from itertools import zip_longest


def packed(values: bytes | bytearray, bits: int) -> bytes:
    """Return small values, so many bits each, the first one lowest in its byte."""
    each = 8 // bits
    values = bytes(values) + bytes(-len(values) % each)
    packed = 0
    for place in range(each):
        packed |= int.from_bytes(values[place::each], "little") << bits * place
    return packed.to_bytes(len(values) // each, "little")


def differences(kept: bytes, right: bytes, bits: int) -> Iterator[tuple[int, int, int]]:
    """Yield where packed values differ: number, what is kept, what is right."""
    mask, each = (1 << bits) - 1, 8 // bits
    pairs = zip_longest(kept, right, fillvalue=0)
    for place, (one, other) in enumerate(pairs if kept != right else ()):
        for offset in range(each if one != other else 0):
            found, due = one >> bits * offset & mask, other >> bits * offset & mask
            if found != due:
                yield place * each + offset, found, due
