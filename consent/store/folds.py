"""What is kept beside a ledger to be quick, refolded from its contents."""

from collections.abc import Iterator

from sqlalchemy import (
    Connection,
    Row,
    Select,
    delete,
    func,
    insert,
    literal,
    select,
    update,
)

from consent.domain.vocabulary import Kind
from consent.errors import UnknownSite
from consent.store import tables


def lock(connection: Connection, site: str) -> "Row[tuple[int, str, int]]":
    """Return the row of a site, locked; raises UnknownSite."""
    query = select(tables.site).where(tables.site.c.key == site).with_for_update()
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


def _newest_records(site_id: int) -> Select[tuple[bytes, int]]:
    content = tables.content
    return (
        select(content.c.subject, func.max(content.c.number))
        .where(content.c.site_id == site_id, content.c.subject.is_not(None))
        .group_by(content.c.subject)
    )


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
