"""Insert many rows at once, the quickest way each kind of database has."""

from collections.abc import Mapping, Sequence
from functools import cache

from sqlalchemy import Connection, Insert, Table, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> None:
    """Insert rows, each with a value for every column of the table."""
    if connection.dialect.name == "postgresql":
        names = [column.name for column in table.c]
        columns = {name: [row[name] for row in rows] for name in names}
        connection.execute(_unnested(table), columns)
    else:
        connection.execute(_inserted(table), list(rows))


@cache
def _inserted(table: Table) -> Insert:
    return insert(table)


@cache
def _unnested(table: Table) -> Insert:
    """Return one statement for however many rows: a column is an array."""
    columns = [
        func.unnest(bindparam(column.name, type_=ARRAY(column.type)))
        for column in table.c
    ]
    return insert(table).from_select(list(table.c), select(*columns))
