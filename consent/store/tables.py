"""Tables and constraints; every primary key of a site's data is led by site_id."""

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
)

from consent.domain.instants import microseconds, moment


class Instant(TypeDecorator[datetime]):
    """An aware UTC datetime, kept as microseconds since the epoch."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(
        self, value: datetime | None, dialect: Dialect
    ) -> int | None:
        """Turn a datetime into microseconds."""
        return None if value is None else microseconds(value)

    def process_result_value(
        self, value: int | None, dialect: Dialect
    ) -> datetime | None:
        """Turn microseconds into a datetime."""
        return None if value is None else moment(value)


metadata = MetaData()

site = Table(
    "site",
    metadata,
    # SQLite numbers rows by itself only in a column of type INTEGER.
    Column("site_id", Integer, primary_key=True),
    Column("key", String(32), nullable=False, unique=True),
    Column("size", BigInteger, nullable=False),
    Column("at", Instant, nullable=False),
    Column("publication", BigInteger),
    Column("origin", String(400), nullable=False, server_default=""),
)

entry = Table(
    "entry",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("commitment", LargeBinary, nullable=False),
    CheckConstraint("length(commitment) = 32", name="entry_commitment_length"),
    CheckConstraint("number >= 0", name="entry_number_not_negative"),
)

content = Table(
    "content",
    metadata,
    Column("site_id", Integer, primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", LargeBinary),
    Column("previous", BigInteger),
    Column("key", LargeBinary),
    Column("body", LargeBinary, nullable=False),
    Column("salt", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["site_id", "number"],
        ["entry.site_id", "entry.number"],
        name="content_of_entry",
    ),
    CheckConstraint("length(salt) = 32", name="content_salt_length"),
    Index("content_key", "site_id", "key", unique=True),
)

head = Table(
    "head",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("subject", LargeBinary, primary_key=True),
    Column("number", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

node = Table(
    "node",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

checkpoint = Table(
    "checkpoint",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("size", BigInteger, nullable=False),
    Column("note", Text, nullable=False),
)


def _key_table(name: str) -> Table:
    return Table(
        name,
        metadata,
        Column("kid", String(16), primary_key=True),
        Column("public", LargeBinary, nullable=False),
        Column("added_at", Instant, nullable=False),
        Column("retired_at", Instant),
        Column("trusted", Boolean, nullable=False),
    )


token_key = _key_table("token_key")
checkpoint_key = _key_table("checkpoint_key")

api_key = Table(
    "api_key",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("id", String(16), primary_key=True),
    Column("name", String(80), nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("added_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("public", LargeBinary),
)

outbox = Table(
    "outbox",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("due_at", Instant, nullable=False),
    Column("attempts", Integer, nullable=False),
    Index("outbox_due", "due_at"),
)

gateway_process = Table(
    "gateway_process",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("gateway", String(32), primary_key=True),
    Column("instance", String(32), primary_key=True),
    Column("sequence", BigInteger, nullable=False),
    Column("heard_at", Instant, nullable=False),
    Column("as_of", Instant),
    Column("behind", BigInteger),
    Column("closed", Boolean, nullable=False),
)

gateway_count = Table(
    "gateway_count",
    metadata,
    Column("site_id", Integer, ForeignKey("site.site_id"), primary_key=True),
    Column("gateway", String(32), primary_key=True),
    Column("day", Date, primary_key=True),
    Column("purpose", String(32), primary_key=True),
    Column("outcome", String(16), primary_key=True),
    Column("times", BigInteger, nullable=False),
)
