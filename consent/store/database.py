"""The database: SQLite or PostgreSQL behind one door."""

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from consent.errors import Unavailable

CHANNEL = "consent_entries"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    "busy_timeout = 10000",
    # Without it INSERT OR REPLACE deletes past the triggers.
    "recursive_triggers = ON",
    "secure_delete = ON",
)


class Database:
    """Connections to one database; `url` is an SQLAlchemy URL."""

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self.url = make_url(url)
        self.name = token_hex(8)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        if self.is_sqlite:
            self._file = Path(self.url.database or "consent.sqlite3")
            with _faults_named():
                self._file.parent.mkdir(parents=True, exist_ok=True)
        self.engine = _engine(url, pool_size, is_sqlite=self.is_sqlite)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Open one read transaction; a fault of the database raises Unavailable."""
        with _faults_named(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Open one read transaction that sees the database as of one moment."""
        level = {} if self.is_sqlite else {"isolation_level": "REPEATABLE READ"}
        engine = self.engine.execution_options(**level)
        with _faults_named(), engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Open one write transaction, committed durably on leaving.

        SQLite's own busy handler starves writers of other processes, so they
        queue for a file lock first.
        """
        queue = _locked(self._file) if self.is_sqlite else nullcontext()
        writer = self.engine.execution_options(sqlite_begin="BEGIN IMMEDIATE")
        with _faults_named(), queue, writer.begin() as connection:
            yield connection

    def notify(self) -> None:
        """Tell the followers of other processes on PostgreSQL that there is news.

        It bears our name: this process knows already what it has written.
        """
        with _faults_named(), self.engine.connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            autocommit.execute(text(f"NOTIFY {CHANNEL}, '{self.name}'"))

    def scrub(self) -> None:
        """Empty SQLite's write-ahead log, which still holds what was deleted.

        PostgreSQL's old bytes are for VACUUM and the age of its log.
        """
        if self.is_sqlite:
            with _faults_named(), self.engine.connect() as connection:
                autocommit = connection.execution_options(sqlite_begin=None)
                autocommit.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def copy(self, path: Path) -> None:
        """Write what is committed at this moment to a new SQLite file.

        Nobody has to stop writing. Raises Unavailable.
        """
        with (
            _faults_named(),
            self.engine.connect() as connection,
            closing(sqlite3.connect(path)) as target,
        ):
            source: Any = connection.connection.driver_connection
            source.backup(target)

    def close(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


@contextmanager
def _faults_named() -> Iterator[None]:
    try:
        yield
    except (DBAPIError, PoolTimeout, OSError, sqlite3.Error) as exc:
        raise Unavailable(f"the database failed: {type(exc).__name__}") from exc


def is_outage(error: Exception) -> bool:
    """Tell whether `error` names a fault of the database, not of what it was given."""
    return isinstance(error.__cause__, OperationalError | PoolTimeout | OSError)


@contextmanager
def _locked(database: Path) -> Iterator[None]:
    with database.with_name(f"{database.name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _engine(url: str, pool_size: int, *, is_sqlite: bool) -> Engine:
    engine = create_engine(url, pool_size=pool_size, pool_pre_ping=not is_sqlite)
    if is_sqlite:
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: object) -> None:
    # The driver's own BEGIN comes too late, and never IMMEDIATE.
    dbapi_connection.isolation_level = None
    for pragma in _PRAGMAS:
        dbapi_connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    options = connection.get_execution_options()
    if begin := options.get("sqlite_begin", "BEGIN"):
        connection.exec_driver_sql(begin)
