"""Copies of a database that is in use."""

from contextlib import closing
from pathlib import Path

from consent.errors import Unavailable
from consent.settings import Settings
from consent.store.database import Database


def back_up(settings: Settings, path: Path) -> None:
    """Write the database to a new file while the service goes on; SQLite only.

    Raises Unavailable if it cannot, or if something is there already.
    """
    with closing(Database(settings.database_url)) as database:
        if not database.is_sqlite:
            raise Unavailable(
                "PostgreSQL is backed up by its own tools: pg_dump or pg_basebackup"
            )
        if path.exists():
            raise Unavailable(f"{path} is there already; no backup is overwritten")
        database.copy(path)
