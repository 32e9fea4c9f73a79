"""The Merkle tree of a ledger: roots, and proofs of inclusion and consistency.

Hashing is that of RFC 6962, section 2.1. Nothing here holds a tree: functions ask
for the hashes of complete subtrees of 256**level leaves, which are all that is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import reduce
from hashlib import sha256
from typing import NamedTuple

WIDTH = 256
"""Hashes in a full tile (C2SP tlog-tiles)."""
EMPTY_ROOT = sha256().digest()

Hashes = Callable[[int, int, int], Sequence[bytes]]
"""`hashes(level, start, stop)`: roots of complete subtrees of 256**level leaves."""
Range = tuple[int, int]


def leaf_hash(entry: bytes) -> bytes:
    """Return the hash of a leaf."""
    return sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of two neighbouring subtrees."""
    return sha256(b"\1" + left + right).digest()


def fold(hashes: Sequence[bytes]) -> bytes:
    """Return the root over complete subtrees of one size, a power of two of them."""
    while len(hashes) > 1:
        pairs = zip(hashes[::2], hashes[1::2], strict=True)
        # node_hash, written out: the call would cost a fifth of all.
        hashes = [sha256(b"\1" + left + right).digest() for left, right in pairs]
    return hashes[0]


class Node(NamedTuple):
    """The root of a full tile, counted along its level: 1 for tiles of leaves."""

    level: int
    number: int
    hash: bytes

    @property
    def leaves(self) -> range:
        """The numbers of the leaves below it."""
        width = WIDTH**self.level
        return range(self.number * width, (self.number + 1) * width)


class Frontier:
    """The right edge of a growing tree: enough to go on, and to know the root."""

    def __init__(self) -> None:
        self.size = 0
        self._levels: list[list[bytes]] = [[]]

    def extend(self, leaves: Sequence[bytes]) -> list[Node]:
        """Add the hashes of leaves; return the roots of the tiles that they fill."""
        filled: list[Node] = []
        level, start = self._levels[0], 0
        while some := leaves[start : start + WIDTH - len(level)]:
            level += some
            start += len(some)
            self.size += len(some)
            filled += self._fill()
        return filled

    def root(self) -> bytes:
        """Return the root over all leaves so far."""
        subtrees = [tree for level in self._levels[::-1] for tree in _whole(level)]
        if not subtrees:
            return EMPTY_ROOT
        return reduce(lambda right, left: node_hash(left, right), reversed(subtrees))

    def _fill(self) -> list[Node]:
        filled: list[Node] = []
        for height, level in enumerate(self._levels, 1):
            if len(level) < WIDTH:
                return filled
            number = self.size // WIDTH**height - 1
            filled.append(Node(height, number, fold(level)))
            level.clear()
            if height == len(self._levels):
                self._levels.append([])
            self._levels[height].append(filled[-1].hash)
        return filled


def root(hashes: Hashes, size: int) -> bytes:
    """Return the root of the first `size` leaves."""
    return _root(hashes, (0, size)) if size else EMPTY_ROOT


def inclusion_proof(hashes: Hashes, number: int, size: int) -> list[bytes]:
    """Return the path from a leaf to the root of the first `size`, leaf's end first.

    Raises ValueError unless the leaf is among them.
    """
    if not 0 <= number < size:
        raise ValueError(f"there is no leaf {number} among {size}")
    return [_root(hashes, place) for place in _path(number, (0, size))]


def consistency_proof(hashes: Hashes, old: int, new: int) -> list[bytes]:
    """Return what shows that the tree of `old` leaves is the beginning of `new`.

    Raises ValueError unless old is at most new.
    """
    if not 0 <= old <= new:
        raise ValueError(f"{old} leaves are not the beginning of {new}")
    if old in {0, new}:
        return []
    return [_root(hashes, place) for place in _beginning(old, (0, new), whole=True)]


def is_included(
    leaf: bytes, number: int, size: int, proof: Sequence[bytes], expected: bytes
) -> bool:
    """Tell whether a proof leads from a leaf's hash to a root (RFC 9162, 2.1.3.2)."""
    if not 0 <= number < size:
        return False
    turns = list(_turns(number, size - 1))
    if len(turns) != len(proof):
        return False
    found = leaf
    for one, is_left in zip(proof, turns, strict=True):
        found = node_hash(one, found) if is_left else node_hash(found, one)
    return found == expected


def is_consistent(
    old: int, old_root: bytes, new: int, new_root: bytes, proof: Sequence[bytes]
) -> bool:
    """Tell whether a proof leads to both roots (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    # A beginning that is one complete subtree is its own first step.
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    turns = list(_turns(place, last))
    if len(path) != len(turns) + 1:
        return False
    before = after = path[0]
    for one, is_left in zip(path[1:], turns, strict=True):
        if is_left:
            before, after = node_hash(one, before), node_hash(one, after)
        else:
            after = node_hash(after, one)
    return before == old_root and after == new_root


def _turns(place: int, last: int) -> Iterator[bool]:
    """Yield, for each step from a node up to the root, whether its sibling is left."""
    while last:
        is_left = bool(place & 1) or place == last
        while is_left and place and not place & 1:
            place, last = place >> 1, last >> 1
        yield is_left
        place, last = place >> 1, last >> 1


def _whole(level: Sequence[bytes]) -> Iterator[bytes]:
    """Yield the roots of the largest complete subtrees of one level's hashes."""
    start = 0
    while start < len(level):
        count = 1 << (len(level) - start).bit_length() - 1
        yield fold(level[start : start + count])
        start += count


def _root(hashes: Hashes, place: Range) -> bytes:
    """Return the root over leaves that begin at a multiple of what they fill."""
    start, stop = place
    count = stop - start
    if count & (count - 1):
        middle = start + _half(count)
        left, right = _root(hashes, (start, middle)), _root(hashes, (middle, stop))
        return node_hash(left, right)
    level = (count.bit_length() - 1) // 8
    width = WIDTH**level
    return fold(hashes(level, start // width, stop // width))


def _half(count: int) -> int:
    """Return the largest power of two below count."""
    return int(1 << (count - 1).bit_length() - 1)


def _path(number: int, place: Range) -> Iterator[Range]:
    start, stop = place
    if stop - start == 1:
        return
    middle = start + _half(stop - start)
    if number < middle:
        yield from _path(number, (start, middle))
        yield middle, stop
    else:
        yield from _path(number, (middle, stop))
        yield start, middle


def _beginning(old: int, place: Range, *, whole: bool) -> Iterator[Range]:
    start, stop = place
    if old == stop:
        if not whole:
            yield place
        return
    middle = start + _half(stop - start)
    if old <= middle:
        yield from _beginning(old, (start, middle), whole=whole)
        yield middle, stop
    else:
        yield from _beginning(old, (middle, stop), whole=False)
        yield start, middle
