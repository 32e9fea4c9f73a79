"""What is kept beside a ledger to be quick, refolded from its contents."""

from collections.abc import Iterator

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from consent.domain import entries
from consent.domain.entries import Record
from consent.domain.vocabulary import Kind
from consent.errors import UnknownSite
from consent.store import ledger, tables


def lock(connection: Connection, site: str) -> "Row[tuple[int, str, int]]":
    """Return the row of a site, locked; raises UnknownSite."""
    query = select(tables.site).where(tables.site.c.key == site).with_for_update()
    row = connection.execute(query).one_or_none()
    if row is None:
        raise UnknownSite(site)
    return row


def column_faults(connection: Connection, site_id: int) -> Iterator[tuple[int, str]]:
    """Yield the number of each entry, and what its columns do not repeat faithfully.

    The text is empty where all is well. Raises RuntimeError at a gap.
    """
    for row in ledger.rows_from(connection, site_id, 0):
        if entries.commitment(row.body, row.salt) != row.commitment:
            yield row.number, f"entry {row.number} does not hold its content"
            continue
        body = entries.decode(row.body)
        expected: tuple[object, ...] = (body.number, body.at, entries.kind_of(body))
        found: tuple[object, ...] = (row.number, row.at, row.kind)
        if isinstance(body, Record):
            expected += (body.subject, body.previous, body.key)
            found += (row.subject, row.previous, row.key)
        yield row.number, "" if expected == found else f"entry {row.number} disagrees"


def refold(connection: Connection, site_id: int, size: int) -> list[str]:
    """Replace heads, size and newest publication by their fold; say what differed."""
    content, head = tables.content, tables.head
    folded = (
        select(content.c.site_id, content.c.subject, func.max(content.c.number))
        .where(content.c.site_id == site_id, content.c.subject.is_not(None))
        .group_by(content.c.site_id, content.c.subject)
    )
    kept = select(head).where(head.c.site_id == site_id)
    wrong = connection.execute(kept.except_(folded)).all()
    missing = connection.execute(folded.except_(kept)).all()
    differences = [f"head of {row[1].hex()}" for row in {*wrong, *missing}]
    connection.execute(delete(head).where(head.c.site_id == site_id))
    columns = ["site_id", "subject", "number"]
    connection.execute(insert(head).from_select(columns, folded))
    return [*_refold_site(connection, site_id, size), *sorted(set(differences))]


def _refold_site(connection: Connection, site_id: int, size: int) -> Iterator[str]:
    site, entry = tables.site, tables.entry
    mine = entry.c.site_id == site_id
    published = select(func.max(entry.c.number)).where(
        mine, entry.c.kind == Kind.PUBLICATION
    )
    folded = {
        "size": size,
        "publication": connection.scalar(published),
        "at": connection.scalar(select(func.max(entry.c.at)).where(mine)),
    }
    kept = connection.execute(select(site).where(site.c.site_id == site_id)).one()
    yield from (name for name in folded if getattr(kept, name) != folded[name])
    connection.execute(update(site).where(site.c.site_id == site_id).values(folded))
