"""Where the hashes of a ledger's tree are published (C2SP tlog-tiles)."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from consent.domain.merkle import WIDTH
from consent.errors import InvalidProof

# Tiles above would need more entries than any database numbers.
_LEVELS = {str(level) for level in range(7)}
_PLACE = re.compile(r"((?:x[0-9]{3}/)*[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?")


class Tile(NamedTuple):
    """A run of hashes at a level: all 256 of them, or the first `width`."""

    level: int
    number: int
    width: int

    @property
    def start(self) -> int:
        """The first hash, counted along the level."""
        return self.number * WIDTH

    @property
    def stop(self) -> int:
        """One past the last hash."""
        return self.start + self.width

    def fits(self, size: int) -> bool:
        """Tell whether a tree of this many leaves has all these hashes."""
        return int(self.stop * WIDTH**self.level) <= size

    def path(self) -> str:
        """Return the place below `tile/<L>/`."""
        digits = f"{self.number:03d}"
        digits = digits.zfill(-(-len(digits) // 3) * 3)
        groups = [digits[i : i + 3] for i in range(0, len(digits), 3)]
        place = "/".join([*(f"x{group}" for group in groups[:-1]), groups[-1]])
        return place if self.width == WIDTH else f"{place}.p/{self.width}"


def tile_at(level: str, place: str) -> Tile | None:
    """Return the tile that a place `tile/<L>/<N>[.p/<W>]` names, if it names one."""
    found = _PLACE.fullmatch(place)
    if not found or level not in _LEVELS:
        return None
    number = int(found[1].replace("x", "").replace("/", ""))
    tile = Tile(int(level), number, int(found[2]) if found[2] else WIDTH)
    return tile if tile.path() == place and tile.width <= WIDTH else None


def tiles_of(size: int, level: int) -> Iterable[Tile]:
    """Yield the tiles of one level in a tree of this many leaves."""
    count = size // WIDTH**level
    for number in range(-(-count // WIDTH)):
        yield Tile(level, number, min(WIDTH, count - number * WIDTH))


def bundle(commitments: Iterable[bytes]) -> bytes:
    """Return the entries of a tile: each behind its length as big-endian uint16."""
    return b"".join(len(one).to_bytes(2) + one for one in commitments)


def unbundle(found: bytes) -> list[bytes]:
    """Return the entries of a bundle; raises InvalidProof."""
    entries = []
    start = 0
    while start < len(found):
        stop = start + 2 + int.from_bytes(found[start : start + 2])
        if stop > len(found):
            raise InvalidProof("a bundle ends within an entry")
        entries.append(found[start + 2 : stop])
        start = stop
    return entries
