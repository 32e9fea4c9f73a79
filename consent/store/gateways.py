"""What gateways reported: how far each process follows, and sums of each day."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, delete, select, update
from sqlalchemy.dialects import postgresql

from consent.domain.enforcement import Count, Process
from consent.store import tables
from consent.store.ledger import SiteRow


def hear(
    connection: Connection, site: SiteRow, process: Process, sequence: int
) -> bool:
    """Note that a process was heard of; tell whether this batch of it is new.

    It is locked until the end of the transaction, so a batch that arrives twice at
    once is new once.
    """
    table = tables.gateway_process
    row = process._asdict() | {"site_id": site.site_id}
    add = postgresql.insert(table).values(row | {"sequence": -1})
    again = {name: row[name] for name in ("heard_at", "as_of", "behind", "closed")}
    mine = [column.name for column in table.primary_key]
    connection.execute(add.on_conflict_do_update(index_elements=mine, set_=again))
    newer = update(table).where(
        *(table.c[name] == row[name] for name in mine), table.c.sequence < sequence
    )
    return connection.execute(newer.values(sequence=sequence)).rowcount == 1


def add(
    connection: Connection,
    site: SiteRow,
    gateway: str,
    day: date,
    counts: Mapping[tuple[str, str], int],
) -> None:
    """Add counts by purpose and outcome to those of a day."""
    table = tables.gateway_count
    place = {"site_id": site.site_id, "gateway": gateway, "day": day}
    # In one order everywhere, so that no two transactions wait for each other.
    rows = [
        place | {"purpose": purpose, "outcome": outcome, "times": times}
        for (purpose, outcome), times in sorted(counts.items())
    ]
    if not rows:
        return
    insert = postgresql.insert(table)
    added = insert.on_conflict_do_update(
        index_elements=[column.name for column in table.primary_key],
        set_={"times": table.c.times + insert.excluded.times},
    )
    connection.execute(added, rows)


def processes(connection: Connection, site: SiteRow) -> list[Process]:
    """Return what was heard last of each process."""
    table = tables.gateway_process
    columns = [table.c[name] for name in Process._fields]
    mine = table.c.site_id == site.site_id
    return [Process(*row) for row in connection.execute(select(*columns).where(mine))]


def counts(connection: Connection, site: SiteRow, since: date) -> list[Count]:
    """Return the counts of each day since one, oldest first."""
    table = tables.gateway_count
    columns = [table.c[name] for name in Count._fields]
    query = select(*columns).where(
        table.c.site_id == site.site_id, table.c.day >= since
    )
    return [Count(*row) for row in connection.execute(query.order_by(table.c.day))]


def forget(connection: Connection, heard_before: datetime, before: date) -> None:
    """Remove processes not heard of since, and the counts of earlier days."""
    process, count = tables.gateway_process, tables.gateway_count
    connection.execute(delete(process).where(process.c.heard_at < heard_before))
    connection.execute(delete(count).where(count.c.day < before))
