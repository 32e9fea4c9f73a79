"""Bring a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from consent.store.database import Database

_LOCK = 0x636F6E73656E74
_SCRIPTS = Path(__file__).parent / "migrations"


def migrate(database: Database) -> None:
    """Run every migration that has not run yet; raises Unavailable."""
    with database.writing() as connection:
        if not database.is_sqlite:
            # SQLite's writers queue anyway; two migrations would trip each other up.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def is_migrated(database: Database) -> bool:
    """Tell whether the schema is the one this release was written for."""
    with database.reading() as connection:
        current = MigrationContext.configure(connection).get_current_heads()
    return set(current) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    return config
