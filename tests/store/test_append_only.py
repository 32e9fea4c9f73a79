"""The database itself refuses what the code never does."""

import sqlite3

import pytest
from sqlalchemy.exc import DBAPIError

from tests.factories import choice

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def record(shop, terms):
    """A grant, recorded as number 1; number 0 is the publication."""
    return shop.writer.append(choice(terms, {"analytics": "granted"}))


@pytest.fixture
def everything(record, sql):
    """Return a function that returns all rows of the ledger."""
    return lambda: [
        sql("SELECT * FROM site"),
        sql("SELECT * FROM entry ORDER BY number"),
        sql("SELECT * FROM content ORDER BY number"),
        sql("SELECT * FROM head"),
    ]


def assert_refused(sql, everything, statement, why="append-only"):
    before = everything()

    with pytest.raises(DBAPIError, match=why):
        sql(statement)

    assert everything() == before, statement


def test_what_was_recorded_is_not_changed_or_removed(sql, everything):
    for statement in (
        "UPDATE entry SET at = at + 1",
        "UPDATE entry SET commitment = commitment WHERE number = 1",
        "UPDATE entry SET number = 7 WHERE number = 1",
        "DELETE FROM entry",
        "DELETE FROM entry WHERE number = 1",
        "UPDATE content SET body = salt",
        "UPDATE content SET subject = NULL WHERE number = 1",
        "UPDATE content SET number = 7 WHERE number = 1",
        "DELETE FROM content",
        "DELETE FROM content WHERE number = 0",
        "INSERT INTO entry SELECT * FROM entry WHERE number = 1"
        " ON CONFLICT (site_id, number) DO UPDATE SET at = 0",
        "INSERT INTO content SELECT * FROM content WHERE number = 1"
        " ON CONFLICT (site_id, number) DO UPDATE SET body = excluded.salt",
    ):
        assert_refused(sql, everything, statement)


@on_postgresql
def test_postgresql_does_not_empty_what_was_recorded(sql, everything):
    for statement in (
        "TRUNCATE entry CASCADE",
        "TRUNCATE content",
        "TRUNCATE site CASCADE",
        "MERGE INTO entry USING site ON entry.site_id = site.site_id"
        " WHEN MATCHED THEN DELETE",
    ):
        assert_refused(sql, everything, statement)


@on_postgresql
def test_postgresql_refuses_even_what_matches_nothing(sql, everything):
    for statement in (
        "UPDATE entry SET at = 0 WHERE number = 9",
        "DELETE FROM entry WHERE number = 9",
    ):
        assert_refused(sql, everything, statement)


@on_postgresql
def test_the_role_of_the_service_cannot_switch_the_triggers_off(sql, everything):
    assert_refused(
        sql, everything, "SET session_replication_role = replica", "permission denied"
    )


@on_sqlite
def test_sqlite_does_not_replace_what_was_recorded(sql, everything):
    """Replacing deletes without asking triggers, unless the connection says so."""
    for statement in (
        "INSERT OR REPLACE INTO entry SELECT * FROM entry",
        "REPLACE INTO entry SELECT * FROM entry WHERE number = 1",
        "INSERT OR REPLACE INTO content SELECT * FROM content",
        "UPDATE OR REPLACE entry SET number = 0 WHERE number = 1",
    ):
        assert_refused(sql, everything, statement)


@on_sqlite
def test_sqlite_refuses_others_who_open_the_file_as_well(shop, everything):
    before = everything()
    connection = sqlite3.connect(shop.database.url.database)

    for statement in (
        "DELETE FROM entry",
        "UPDATE entry SET at = 0",
        "DELETE FROM content",
        "UPDATE content SET key = NULL",
    ):
        with pytest.raises(sqlite3.Error, match="append-only"):
            connection.execute(statement)

    connection.close()
    assert everything() == before


def test_a_number_is_never_given_twice(sql, everything):
    for statement in (
        "INSERT INTO entry SELECT * FROM entry WHERE number = 1",
        "INSERT INTO content SELECT * FROM content WHERE number = 1",
    ):
        assert_refused(sql, everything, statement, "(?i)unique")


def test_a_key_is_never_used_twice_on_a_site(sql, everything):
    sql("INSERT INTO entry SELECT site_id, 2, kind, at, commitment FROM entry LIMIT 1")

    assert_refused(
        sql,
        everything,
        "INSERT INTO content (site_id, number, key, body, salt)"
        " SELECT site_id, 2, key, body, salt FROM content WHERE number = 1",
        "(?i)unique",
    )


def test_content_without_entry_is_refused(sql, everything):
    statement = (
        "INSERT INTO content (site_id, number, body, salt)"
        " SELECT site_id, 99, body, salt FROM content WHERE number = 1"
    )
    assert_refused(sql, everything, statement, "(?i)foreign key")


def test_an_entry_that_can_be_none_is_refused(sql, everything):
    for statement, why in (
        (
            "INSERT INTO entry SELECT site_id, -1, kind, at, commitment FROM entry"
            " WHERE number = 1",
            "entry_number_not_negative",
        ),
        (
            "INSERT INTO entry SELECT site_id, 2, kind, at, substr(commitment, 2)"
            " FROM entry WHERE number = 1",
            "entry_commitment_length",
        ),
        (
            "INSERT INTO entry SELECT site_id + 9, 2, kind, at, commitment FROM entry"
            " WHERE number = 1",
            "(?i)foreign key",
        ),
    ):
        assert_refused(sql, everything, statement, why)


def test_the_content_of_a_record_can_go_while_its_entry_stays(record, sql):
    sql("DELETE FROM content WHERE number = 1")

    assert sql("SELECT number FROM content") == [(0,)]
    assert sql("SELECT number FROM entry ORDER BY number") == [(0,), (1,)]
