"""Public token keys, retired ones included; private ones are never rows."""

from datetime import datetime
from typing import NamedTuple

from nacl.signing import VerifyKey
from sqlalchemy import Connection, select, update
from sqlalchemy.dialects import postgresql

from consent.domain.tokens import key_id
from consent.errors import NotFound
from consent.store import tables


class TokenKey(NamedTuple):
    """A public key, and since when it signs or no longer signs."""

    kid: str
    public: VerifyKey
    added_at: datetime
    retired_at: datetime | None
    trusted: bool


def token_keys(connection: Connection) -> list[TokenKey]:
    """Return every key ever added, oldest first."""
    query = select(tables.token_key).order_by(tables.token_key.c.added_at)
    return [
        TokenKey(r.kid, VerifyKey(r.public), r.added_at, r.retired_at, r.trusted)
        for r in connection.execute(query)
    ]


def add_token_key(connection: Connection, public: VerifyKey, now: datetime) -> str:
    """Make a public key known and return its id; adding it again changes nothing."""
    kid = key_id(public)
    known = select(tables.token_key.c.kid).where(tables.token_key.c.kid == kid)
    if connection.scalar(known) is None:
        row = {"kid": kid, "public": bytes(public), "added_at": now, "trusted": True}
        # Another process may start with the same key at this moment.
        add = postgresql.insert(tables.token_key).on_conflict_do_nothing()
        connection.execute(add.values(row))
    return kid


def retire_token_key(
    connection: Connection, kid: str, now: datetime, *, trusted: bool
) -> None:
    """Stop signing with a key; `trusted` tells whether what it signed still holds."""
    retired = (
        update(tables.token_key)
        .where(tables.token_key.c.kid == kid)
        .values(retired_at=now, trusted=trusted)
    )
    if connection.execute(retired).rowcount == 0:
        raise NotFound(f"there is no key {kid}")
