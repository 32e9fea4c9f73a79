"""API keys: what is kept of them lets nobody in."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Connection, insert, select, update

from consent.errors import NotFound
from consent.store import tables
from consent.store.ledger import site_row


class ApiKey(NamedTuple):
    """A key to one site, known by its id; `digest` is the SHA-256 of its text.

    `public` verifies what it signs; older keys sign nothing.
    """

    id: str
    name: str
    digest: bytes
    added_at: datetime
    revoked_at: datetime | None
    public: bytes | None


_COLUMNS = [tables.api_key.c[name] for name in ApiKey._fields]


def add(connection: Connection, site: str, key: ApiKey) -> None:
    """Let a key in from now on; raises UnknownSite."""
    row = key._asdict() | {"site_id": site_row(connection, site).site_id}
    connection.execute(insert(tables.api_key).values(row))


def keys_of(connection: Connection, site: str) -> list[ApiKey]:
    """Return every key ever added for a site, oldest first; raises UnknownSite."""
    table = tables.api_key
    query = select(*_COLUMNS).where(
        table.c.site_id == site_row(connection, site).site_id
    )
    rows = connection.execute(query.order_by(table.c.added_at, table.c.id))
    return [ApiKey(*row) for row in rows]


def revoke(connection: Connection, key_id: str, now: datetime) -> None:
    """Let a key in no longer; raises NotFound."""
    table = tables.api_key
    mine = update(table).where(table.c.id == key_id, table.c.revoked_at.is_(None))
    if connection.execute(mine.values(revoked_at=now)).rowcount == 0:
        raise NotFound(f"there is no API key {key_id} that could be revoked")
