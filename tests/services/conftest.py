"""An older copy of the database, to be put back as a careless restore would."""

import pytest
from sqlalchemy import delete, insert, select, update

from consent.store import tables

KEPT = (
    tables.entry,
    tables.content,
    tables.head,
    tables.node,
    tables.checkpoint,
)


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
