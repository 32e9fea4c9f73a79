"""Every entry of a ledger with its content, as it is kept, to be audited."""

from collections.abc import Iterator, Sequence
from typing import cast

from sqlalchemy import (
    BigInteger,
    Connection,
    exists,
    func,
    intersect,
    select,
    type_coerce,
)

from consent.domain import checkpoints
from consent.domain.audit import Line
from consent.domain.merkle import WIDTH
from consent.domain.regrowth import Nodes
from consent.errors import InvalidProof
from consent.store import tables
from consent.store.ledger import MAX_NUMBER, chunks, is_content_of

CHUNK = 5_000
MOST_NAMED = 100


def lines(connection: Connection, site_id: int) -> Iterator[Line]:
    """Yield what is kept, by number, gaps and all."""
    entry, content = tables.entry, tables.content
    columns = (
        entry.c.number,
        entry.c.kind,
        type_coerce(entry.c.at, BigInteger).label("at"),
        entry.c.commitment,
        content.c.body,
        content.c.salt,
        content.c.subject,
        content.c.previous,
        content.c.key,
    )
    for rows in chunks(connection, site_id, columns, -MAX_NUMBER):
        # A row has the names and the order of a line; copying it costs too much.
        yield from cast(Sequence[Line], rows)


def heads(connection: Connection, site_id: int, size: int) -> tuple[bytes, int]:
    """Return whether each entry is kept as a head, one bit each.

    The other number is that of heads which are no record of their subject.
    """
    kept, said = (
        select(table.c.number, table.c.subject).where(table.c.site_id == site_id)
        for table in (tables.head, tables.content)
    )
    # Compared as sets: looking up each content would take twice as long.
    stream = connection.execution_options(yield_per=CHUNK).execute(
        intersect(kept, said)
    )
    bits, fitting = bytearray(-(-size // 8)), 0
    for number, _ in stream:
        if number < size:
            fitting += 1
            bits[number >> 3] |= 1 << (number & 7)
    all_kept = connection.scalars(select(func.count()).select_from(kept.subquery()))
    return bytes(bits), all_kept.one() - fitting


def nodes(connection: Connection, site_id: int) -> Nodes:
    """Return what looks up the stored root of a full tile; made for one walk."""
    table = tables.node
    query = (
        select(table.c.number, table.c.hash)
        .where(table.c.site_id == site_id)
        .order_by(table.c.number)
        .limit(CHUNK)
    )
    ahead: dict[int, dict[int, bytes]] = {}
    read_to: dict[int, int] = {}

    def stored(level: int, number: int) -> bytes | None:
        if number >= read_to.get(level, 0):
            rows = connection.execute(
                query.where(table.c.level == level, table.c.number >= number)
            ).all()
            ahead[level] = {row.number: row.hash for row in rows}
            read_to[level] = rows[-1].number + 1 if len(rows) == CHUNK else MAX_NUMBER
        return ahead[level].get(number)

    return stored


def strays(connection: Connection, site_id: int, size: int) -> Iterator[str]:
    """Yield what is kept beside a ledger of this size and belongs to nothing in it."""
    content, entry, node = tables.content, tables.entry, tables.node
    owned = exists().where(is_content_of(entry))
    orphans = (
        select(content.c.number)
        .where(content.c.site_id == site_id, ~owned)
        .order_by(content.c.number)
        .limit(MOST_NAMED)
    )
    for number in connection.scalars(orphans):
        yield f"there is content for {number}, and no such entry"
    kept = select(node.c.level, func.max(node.c.number)).where(
        node.c.site_id == site_id
    )
    for level, newest in connection.execute(kept.group_by(node.c.level)):
        if level < 1 or newest >= size // WIDTH**level:
            yield f"there is a hash for tile {newest} of level {level}, not full yet"


def checkpoint_faults(connection: Connection, site_id: int) -> Iterator[str]:
    """Yield what is wrong with the row of the newest checkpoint, its note aside."""
    table = tables.checkpoint
    query = select(table.c.size, table.c.note).where(table.c.site_id == site_id)
    row = connection.execute(query).first()
    if row is None:
        return
    try:
        said = checkpoints.unverified(row.note).size
    except (AttributeError, InvalidProof):
        yield "the checkpoint in the database cannot be read"
    else:
        if said != row.size:
            yield f"the checkpoint in the database is kept as of size {row.size}"
