"""What is kept beside a ledger to be quick, refolded from its contents."""

from sqlalchemy import (
    Connection,
    Row,
    Select,
    bindparam,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from consent.domain import entries
from consent.domain.entries import Erasure, Retention
from consent.domain.vocabulary import Kind
from consent.errors import UnknownSite
from consent.store import ledger, tables

CHUNK = 1_000


def lock(connection: Connection, site: str) -> "Row[int, int]":
    """Return id and size of a site, locked; raises UnknownSite."""
    columns = tables.site.c.site_id, tables.site.c.size
    query = select(*columns).where(tables.site.c.key == site).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownSite(site)
    return row


def wrong_heads(connection: Connection, site_id: int) -> list[bytes]:
    """Return the subjects whose head is not their newest record."""
    head = tables.head
    kept = select(head.c.subject, head.c.number).where(head.c.site_id == site_id)
    folded = _newest_records(site_id)
    differing = {
        *connection.execute(kept.except_(folded)),
        *connection.execute(folded.except_(kept)),
    }
    return sorted({subject for subject, _ in differing})


def refold(connection: Connection, site_id: int, size: int) -> list[str]:
    """Replace heads, size and newest publication by their fold; say what differed."""
    wrong = wrong_heads(connection, site_id)
    head = tables.head
    connection.execute(delete(head).where(head.c.site_id == site_id))
    folded = _newest_records(site_id).add_columns(literal(site_id))
    columns = ["subject", "number", "site_id"]
    connection.execute(insert(head).from_select(columns, folded))
    differences = [f"head of {subject.hex()}" for subject in wrong]
    return [*_refold_site(connection, site_id, size), *differences]


def remove_returned(connection: Connection, site_id: int) -> list[int]:
    """Remove contents that are there again though an entry says that they went."""
    content = tables.content
    named, below = _removed(connection, site_id)
    # Only records have a key: nothing else is ever removed.
    mine = (content.c.site_id == site_id) & content.c.key.is_not(None)
    kept = select(content.c.number).where(mine)
    found = {*connection.scalars(kept.where(content.c.number < below))}
    for start in range(0, len(named), CHUNK):
        some = content.c.number.in_(named[start : start + CHUNK])
        found.update(connection.scalars(kept.where(some)))
    if found:
        gone = content.c.number == bindparam("gone")
        rows = [{"gone": number} for number in found]
        connection.execute(delete(content).where(mine, gone), rows)
    return sorted(found)


def _removed(connection: Connection, site_id: int) -> tuple[list[int], int]:
    """Return the numbers that erasures name, and the one that retention reached."""
    kinds = (Kind.ERASURE, Kind.RETENTION)
    removals = ledger.other_entries(tables.content.c.body, site_id, *kinds)
    named: list[int] = []
    below = 0
    for body in map(entries.decode, connection.scalars(removals)):
        if isinstance(body, Erasure):
            named += body.numbers
        elif isinstance(body, Retention):
            below = max(below, body.below)
    return named, below


def _newest_records(site_id: int) -> Select[tuple[bytes, int]]:
    content = tables.content
    return (
        select(content.c.subject, func.max(content.c.number))
        .where(content.c.site_id == site_id, content.c.subject.is_not(None))
        .group_by(content.c.subject)
    )


def wrong_columns(connection: Connection, site_id: int, size: int) -> dict[str, object]:
    """Return the columns of a site that its entries do not bear out, put right."""
    site, entry = tables.site, tables.entry
    mine = entry.c.site_id == site_id
    number = func.max(entry.c.number)
    newest = ledger.other_entries(number, site_id, Kind.PUBLICATION)
    # Times never decrease along a ledger: the last one is the latest.
    latest = select(entry.c.at).where(mine).order_by(entry.c.number.desc()).limit(1)
    right = {
        "size": literal(size),
        "publication": newest.scalar_subquery(),
        "at": latest.scalar_subquery(),
    }
    # Compared there, not here: what was put into a column may not even be read.
    query = select(site.c.site_id).where(site.c.site_id == site_id)
    return {
        name: connection.scalar(select(value))
        for name, value in right.items()
        if connection.scalar(query.where(site.c[name].is_distinct_from(value)))
    }


def _refold_site(connection: Connection, site_id: int, size: int) -> list[str]:
    wrong = wrong_columns(connection, site_id, size)
    if wrong:
        site = tables.site
        mine = site.c.site_id == site_id
        connection.execute(update(site).where(mine).values(wrong))
    return [*wrong]
