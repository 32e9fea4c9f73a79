"""The tree of a ledger: stored nodes, and all other hashes computed from entries."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, func, select
from sqlalchemy.dialects import postgresql

from consent.domain.merkle import WIDTH, Hashes, fold, leaf_hash
from consent.errors import Forked
from consent.store import tables

BATCH = 64
"""Tiles read at once: 16,384 entries."""


def hashes_of(connection: Connection, site_id: int) -> Hashes:
    """Return what looks up the hashes of a site's tree, for merkle's functions."""

    def hashes(level: int, start: int, stop: int) -> Sequence[bytes]:
        if level == 0:
            found = commitments(connection, site_id, start, stop)
            return [leaf_hash(one) for one in found]
        return _nodes(connection, site_id, level, start, stop)

    return hashes


def proof_hashes(connection: Connection, site_id: int, size: int) -> Hashes:
    """Return the same for proofs, which ask for many parts of few tiles.

    Each tile is read once, as far as a tree of `size` entries has it.
    """
    hashes = hashes_of(connection, site_id)
    read: dict[tuple[int, int], Sequence[bytes]] = {}

    def parts(level: int, start: int, stop: int) -> Sequence[bytes]:
        first = start - start % WIDTH
        if stop > first + WIDTH:
            return hashes(level, start, stop)
        if (level, first) not in read:
            end = min(first + WIDTH, size // WIDTH**level)
            read[level, first] = hashes(level, first, end)
        return read[level, first][start - first : stop - first]

    return parts


def commitments(
    connection: Connection, site_id: int, start: int, stop: int
) -> Sequence[bytes]:
    """Return the commitments of entries; raises Forked if one is missing."""
    entry = tables.entry
    query = select(entry.c.commitment).where(
        entry.c.site_id == site_id, entry.c.number >= start, entry.c.number < stop
    )
    query = query.order_by(entry.c.number)
    return _complete(connection, query, range(start, stop), "entries from number")


def store_full_tiles(connection: Connection, site_id: int, size: int) -> None:
    """Store the root of each full tile below a size that is not stored yet.

    Whoever does it stores the same, so nobody has to wait for anybody.
    """
    hashes = hashes_of(connection, site_id)
    level = 1
    while tiles := size // WIDTH**level:
        for start in range(_stored(connection, site_id, level), tiles, BATCH):
            stop = min(start + BATCH, tiles)
            below = hashes(level - 1, start * WIDTH, stop * WIDTH)
            rows = [
                {
                    "site_id": site_id,
                    "level": level,
                    "number": number,
                    "hash": fold(below[place : place + WIDTH]),
                }
                for number, place in zip(
                    range(start, stop), range(0, len(below), WIDTH), strict=True
                )
            ]
            store = postgresql.insert(tables.node).on_conflict_do_nothing()
            connection.execute(store, rows)
        level += 1


def is_folded(connection: Connection, site_id: int, size: int) -> bool:
    """Tell whether the root of every full tile below a size is stored."""
    return _stored(connection, site_id, 1) >= size // WIDTH


def forget(connection: Connection, site_id: int) -> None:
    """Drop the stored nodes, to be folded anew."""
    connection.execute(delete(tables.node).where(tables.node.c.site_id == site_id))


def _stored(connection: Connection, site_id: int, level: int) -> int:
    """Return how many nodes of a level are stored: always the first ones."""
    node = tables.node
    newest = select(func.max(node.c.number)).where(
        node.c.site_id == site_id, node.c.level == level
    )
    found = connection.scalar(newest)
    return 0 if found is None else found + 1


def _nodes(
    connection: Connection, site_id: int, level: int, start: int, stop: int
) -> Sequence[bytes]:
    node = tables.node
    query = select(node.c.hash).where(
        node.c.site_id == site_id,
        node.c.level == level,
        node.c.number >= start,
        node.c.number < stop,
    )
    query = query.order_by(node.c.number)
    return _complete(connection, query, range(start, stop), f"hashes {level}/")


def _complete(
    connection: Connection, query: Select[Any], asked: range, what: str
) -> Sequence[bytes]:
    found: Sequence[bytes] = connection.scalars(query).all()
    if len(found) != len(asked):
        missing = f"{len(asked) - len(found)} of the {what}"
        raise Forked(f"{missing} {asked.start} to {asked.stop - 1} are missing")
    return found
