"""Every entry of a ledger with its content, as it is kept, to be audited."""

from collections.abc import Callable, Iterator

from sqlalchemy import BigInteger, Connection, bindparam, select, type_coerce

from consent.domain.audit import Heads, Line
from consent.domain.vocabulary import Kind
from consent.store import tables

CHUNK = 5_000


def lines(connection: Connection, site_id: int) -> Iterator[Line]:
    """Yield what is kept, by number, gaps and all."""
    entry, content = tables.entry, tables.content
    columns = (
        entry.c.number,
        entry.c.kind,
        type_coerce(entry.c.at, BigInteger),
        entry.c.commitment,
        content.c.body,
        content.c.salt,
        content.c.subject,
        content.c.previous,
        content.c.key,
    )
    after = bindparam("after", type_=BigInteger)
    # PostgreSQL would merge from the first content on, whatever the entries ask.
    joined = (
        (content.c.site_id == entry.c.site_id)
        & (content.c.number == entry.c.number)
        & (content.c.number > after)
    )
    query = (
        select(*columns)
        .join_from(entry, content, joined, isouter=True)
        .where(entry.c.site_id == site_id, entry.c.number > after)
        .order_by(entry.c.number)
        .limit(CHUNK)
    )
    last = -1
    while rows := connection.execute(query, {"after": last}).all():
        for number, kind, at, commitment, body, salt, *columns_kept in rows:
            repeated = tuple(columns_kept) if kind == Kind.RECORD and body else None
            yield Line(number, kind, at, commitment, body, salt, repeated)
        last = rows[-1].number


def heads(connection: Connection, site_id: int) -> Heads:
    """Return all heads that are kept, folded."""
    table = tables.head
    query = select(table.c.subject, table.c.number).where(table.c.site_id == site_id)
    stream = connection.execution_options(yield_per=CHUNK).execute(query)
    return Heads.of((subject, number) for subject, number in stream)


def nodes(connection: Connection, site_id: int) -> Callable[[int], bytes | None]:
    """Return what looks up the stored root of a full tile of entries."""
    table = tables.node
    query = select(table.c.hash).where(table.c.site_id == site_id, table.c.level == 1)

    def stored(number: int) -> bytes | None:
        return connection.scalar(query.where(table.c.number == number))

    return stored
