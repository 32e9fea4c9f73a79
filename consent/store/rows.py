"""Insert many rows at once, the quickest way each kind of database has.

SQLAlchemy writes the statement; values go straight to the driver, since looking at
each on its own takes longer than all else that an append does.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain

from sqlalchemy import Connection, Table, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect

Values = tuple[object, ...]
"""One for each column of a table, in order; instants as microseconds."""


def insert_rows(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    """Insert rows of a table."""
    if connection.dialect.name == "postgresql":
        columns = map(list, zip(*rows, strict=True))
        named = dict(zip(table.c.keys(), columns, strict=True))
        connection.exec_driver_sql(_unnested(table), named)
    else:
        for some in _portions(rows):
            values = tuple(chain.from_iterable(some))
            connection.exec_driver_sql(_inserted(table, len(some)), values)


def _portions(rows: Sequence[Values]) -> Iterator[Sequence[Values]]:
    """Yield rows in portions of few sizes, so that few statements are enough."""
    while rows:
        # Older SQLite takes at most 999 values, and a row has at most seven.
        size = min(1 << len(rows).bit_length() - 1, 128)
        yield rows[:size]
        rows = rows[size:]


@cache
def _inserted(table: Table, count: int) -> str:
    """Return one statement for so many rows.

    With one for each, the driver would let go of the interpreter, and wait until
    other threads let go of it in turn, as often.
    """
    one = str(insert(table).compile(dialect=sqlite_dialect()))
    place = one[one.rindex("(") :]
    return one + f", {place}" * (count - 1)


@cache
def _unnested(table: Table) -> str:
    """Return one statement for however many rows: a column is an array."""
    columns = [
        func.unnest(bindparam(column.name, type_=ARRAY(column.type)))
        for column in table.c
    ]
    statement = insert(table).from_select(list(table.c), select(*columns))
    dialect = PGDialect_psycopg()  # type: ignore[no-untyped-call]
    # As text, each value of an array would be quoted by a regular expression.
    return str(statement.compile(dialect=dialect)).replace(")s::", ")b::")
