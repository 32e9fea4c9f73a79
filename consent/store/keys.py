"""Public keys, retired ones included; private ones are never rows."""

from datetime import datetime
from typing import Any, NamedTuple

from nacl.signing import VerifyKey
from sqlalchemy import Connection, Row, select, update
from sqlalchemy.dialects import postgresql

from consent.domain.tokens import key_id
from consent.domain.vocabulary import Use
from consent.errors import NotFound, Unavailable
from consent.store import tables

_TABLES = {Use.TOKEN: tables.token_key, Use.CHECKPOINT: tables.checkpoint_key}


class PublicKey(NamedTuple):
    """A public key, and since when it signs or no longer signs."""

    kid: str
    public: VerifyKey
    added_at: datetime
    retired_at: datetime | None
    trusted: bool


def public_keys(connection: Connection, use: Use) -> list[PublicKey]:
    """Return every key ever added for a use, oldest first."""
    table = _TABLES[use]
    query = select(table).order_by(table.c.added_at)
    return [
        PublicKey(r.kid, _verifying(r), r.added_at, r.retired_at, r.trusted)
        for r in connection.execute(query)
    ]


def _verifying(row: Row[Any]) -> VerifyKey:
    try:
        return VerifyKey(row.public)
    except (TypeError, ValueError) as exc:
        raise Unavailable(f"the public key {row.kid} in the database is none") from exc


def add_key(connection: Connection, use: Use, public: VerifyKey, now: datetime) -> str:
    """Make a public key known and return its id; adding it again changes nothing."""
    kid, table = key_id(public), _TABLES[use]
    known = select(table.c.kid).where(table.c.kid == kid)
    if connection.scalar(known) is None:
        row = {"kid": kid, "public": bytes(public), "added_at": now, "trusted": True}
        # Another process may start with the same key at this moment.
        add = postgresql.insert(table).on_conflict_do_nothing()
        connection.execute(add.values(row))
    return kid


def retire_key(
    connection: Connection, use: Use, kid: str, now: datetime, *, trusted: bool
) -> None:
    """Stop signing with a key; `trusted` tells whether what it signed still holds."""
    table = _TABLES[use]
    retired = update(table).where(table.c.kid == kid)
    values = retired.values(retired_at=now, trusted=trusted)
    if connection.execute(values).rowcount == 0:
        raise NotFound(f"there is no key {kid}")
