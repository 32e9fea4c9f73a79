"""A commit is durable, writers take turns, and faults have one name."""

from functools import partial

import pytest
from sqlalchemy import text

from consent.errors import Unavailable
from consent.store.database import Database
from tests.store.concurrency import together

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def database(database_url):
    opened = Database(database_url)
    yield opened
    opened.close()


@on_sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("synchronous", 2),
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("recursive_triggers", 1),
        ("secure_delete", 1),
    ],
)
def test_each_connection_to_sqlite_is_durable_and_strict(database, pragma, value):
    found = [database.engine.connect() for _ in range(3)]

    values = [one.exec_driver_sql(f"PRAGMA {pragma}").scalar() for one in found]

    for one in found:
        one.close()
    assert values == [value] * 3


@on_postgresql
def test_a_commit_to_postgresql_waits_for_the_disk(database):
    with database.writing() as connection:
        found = connection.exec_driver_sql("SHOW synchronous_commit").scalar()

    assert found == "on"


def test_what_fails_half_way_is_not_written_at_all(database):
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE word (word TEXT)"))

    with pytest.raises(ZeroDivisionError):
        write_half(database)

    with database.reading() as connection:
        assert connection.execute(text("SELECT * FROM word")).all() == []


def write_half(database):
    with database.writing() as connection:
        connection.execute(text("INSERT INTO word VALUES ('lost')"))
        raise ZeroDivisionError


@pytest.mark.parametrize("door", ["reading", "writing"])
def test_a_fault_of_the_database_is_named_unavailable(database, door):
    opened = getattr(database, door)

    with pytest.raises(Unavailable, match="Error"), opened() as connection:
        connection.execute(text("SELECT * FROM nothing_of_the_sort"))


@on_sqlite
def test_writers_of_sqlite_take_turns_however_many_there_are(database, database_url):
    """Each counts by reading first, so that any overlap would lose a step."""
    others = [Database(database_url) for _ in range(8)]
    with database.writing() as connection:
        connection.execute(text("CREATE TABLE counter AS SELECT 0 AS n"))

    together(*(partial(count, other, 25) for other in others))

    for other in others:
        other.close()
    with database.reading() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar() == 200


def count(database, times):
    for _ in range(times):
        with database.writing() as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar()
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})
