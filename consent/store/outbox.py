"""What webhooks have to tell: kept from the commit that caused it until it is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, select, update

from consent.store import tables


class Waiting(NamedTuple):
    """An entry that is to be told of, and how often that was tried."""

    site: str
    number: int
    attempts: int


def add(
    connection: Connection, site_id: int, numbers: Iterable[int], now: datetime
) -> None:
    """Have entries told of, by the transaction that appends them."""
    place = {"site_id": site_id, "due_at": now, "attempts": 0}
    rows = [place | {"number": number} for number in numbers]
    if rows:
        connection.execute(insert(tables.outbox), rows)


def is_due(connection: Connection, now: datetime) -> bool:
    """Tell whether anything is to be told by now."""
    due = exists().where(tables.outbox.c.due_at <= now)
    return bool(connection.scalar(select(due)))


def claim(connection: Connection, now: datetime, until: datetime) -> Waiting | None:
    """Return what is due, and let nobody else have it until then.

    Whoever claims it and dies has not told it: it is due again.
    """
    outbox, site = tables.outbox, tables.site
    due = (
        select(site.c.key, outbox)
        .join_from(outbox, site, outbox.c.site_id == site.c.site_id)
        .where(outbox.c.due_at <= now)
        .order_by(outbox.c.due_at, outbox.c.site_id, outbox.c.number)
        .limit(1)
    )
    row = connection.execute(due).first()
    if row is None:
        return None
    waiting = Waiting(row.key, row.number, row.attempts + 1)
    # Another process may be claiming it at this moment: one of them has it.
    free = update(outbox).where(*_place(waiting), outbox.c.due_at == row.due_at)
    claimed = free.values(due_at=until, attempts=waiting.attempts)
    return waiting if connection.execute(claimed).rowcount else None


def put_off(connection: Connection, waiting: Waiting, until: datetime) -> None:
    """Try again later."""
    later = update(tables.outbox).where(*_place(waiting))
    connection.execute(later.values(due_at=until))


def drop(connection: Connection, waiting: Waiting) -> None:
    """Tell of it no (more): it was told, or there is nothing left to tell."""
    connection.execute(delete(tables.outbox).where(*_place(waiting)))


def clear(connection: Connection) -> None:
    """Drop everything, where nobody is to be told."""
    connection.execute(delete(tables.outbox))


def _place(waiting: Waiting) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    outbox, site = tables.outbox, tables.site
    site_id = select(site.c.site_id).where(site.c.key == waiting.site)
    return (
        outbox.c.site_id == site_id.scalar_subquery(),
        outbox.c.number == waiting.number,
    )
