"""A later release of the service, and an older copy of its database."""

import shutil
from contextlib import ExitStack

import pytest
from sqlalchemy import delete, insert, select, update

from consent.services.runtime import Runtime
from consent.services.scripts import DIST
from consent.store import tables

KEPT = (
    tables.entry,
    tables.content,
    tables.head,
    tables.node,
    tables.checkpoint,
)


@pytest.fixture
def release(tmp_path):
    """Return a function that builds a release whose files differ in these names."""

    def build(*names):
        folder = tmp_path / "-".join(["release", *names])
        shutil.copytree(DIST, folder)
        for name in names:
            file = folder / name
            file.write_text(f"{file.read_text('utf-8')}/* later */\n", "utf-8")
        return folder

    return build


@pytest.fixture
def upgraded(shop, settings, release):
    """Return a function that opens the parts of a process of a later release."""
    with ExitStack() as stack:

        def opened(*names):
            later = Runtime.open(settings, release(*names))
            stack.callback(later.close)
            return later

        yield opened


@pytest.fixture
def copied(shop, unprotected):
    """Return a function that copies what is kept; it returns what puts it back."""

    def copy():
        with shop.database.reading() as connection:
            kept = [(table, rows(connection, table)) for table in KEPT]
            site = rows(connection, tables.site)

        def restore():
            with shop.database.writing() as connection:
                for table in reversed(KEPT):
                    connection.execute(delete(table))
                for row in site:
                    mine = tables.site.c.site_id == row["site_id"]
                    connection.execute(update(tables.site).where(mine).values(row))
                for table, found in kept:
                    if found:
                        connection.execute(insert(table), found)

        return restore

    return copy


def rows(connection, table):
    """Return all rows of a table."""
    return [row._asdict() for row in connection.execute(select(table))]
