"""Fill a ledger with records past the writer, row by row as the writer makes them.

Three subjects in four have one record, the fourth has two: `owner` tells whose.
"""

import hashlib
import secrets
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

import psycopg

from benchmarks.places import Place
from consent.domain import entries
from consent.domain.entries import Made, Record, subject_of
from consent.domain.instants import microseconds
from consent.domain.terms import Terms
from consent.domain.vocabulary import Action, Decision, How

CHUNK = 20_000
STEP = timedelta(milliseconds=10)
_ENTRY = ("site_id", "number", "kind", "at", "commitment")
_CONTENT = ("site_id", "number", "subject", "previous", "key", "body", "salt")
_HEAD = ("site_id", "subject", "number")
_ROWS = {"entry": _ENTRY, "content": _CONTENT, "head": _HEAD}


class Rows(NamedTuple):
    """What one record is in the database."""

    entry: tuple[object, ...]
    content: tuple[object, ...]
    head: tuple[object, ...] | None


def owner(number: int) -> int:
    """Return the number of the first record of whoever made this one."""
    return number - 2 if number % 4 == 3 else number


def secret_of(number: int) -> str:
    """Return the secret of whoever made a record."""
    return f"{owner(number):032x}"


def fill(place: Place, terms: Terms, start: int, first_at: datetime) -> None:
    """Append records to the one site there is, until it has a place's size."""
    rows = _rows(terms, start, place.size, first_at)
    at = first_at + STEP * (place.size - start - 1)
    ended = (microseconds(at), place.size)
    if place.kind == "sqlite":
        _fill_sqlite(place.url.removeprefix("sqlite:///"), rows, ended)
    else:
        _fill_postgresql(place, rows, ended)


def _rows(terms: Terms, start: int, stop: int, first_at: datetime) -> Iterator[Rows]:
    for number in range(start, stop):
        at = first_at + STEP * (number - start)
        whose = owner(number)
        previous = whose if start <= whose < number else None
        record = _record(terms, number, previous, at)
        is_head = number % 4 != 1 or number + 2 >= stop
        yield _sealed(record, is_head=is_head)


def _record(terms: Terms, number: int, previous: int | None, at: datetime) -> Record:
    digest = hashlib.sha256(b"%d" % number).digest()
    secret = bytes.fromhex(secret_of(number))
    granted = Made(Decision.GRANTED, number, terms.version, at)
    refused = Made(Decision.REFUSED, number, terms.version, at)
    return Record(
        site=terms.site,
        number=number,
        at=at,
        action=Action.GIVEN if previous is None else Action.CHANGED,
        how=How.BANNER,
        notice=terms.version,
        terms=terms.version,
        locale="en",
        regime=terms.regime_in(None),
        decisions={"analytics": granted, "marketing": refused},
        key=int(at.timestamp()).to_bytes(4) + digest[:12],
        command=digest[16:],
        subject=subject_of(terms.site, secret),
        previous=previous,
        layout="bottom",
    )


def _sealed(record: Record, *, is_head: bool) -> Rows:
    body = entries.encode(record)
    salt = secrets.token_bytes(entries.SALT_BYTES)
    at = microseconds(record.at)
    committed = entries.commitment(body, salt)
    number, subject = record.number, record.subject
    return Rows(
        (1, number, "record", at, committed),
        (1, number, subject, record.previous, record.key, body, salt),
        (1, subject, number) if is_head else None,
    )


def _chunks(rows: Iterable[Rows]) -> Iterator[list[Rows]]:
    remaining = iter(rows)
    while chunk := list(islice(remaining, CHUNK)):
        yield chunk


def _of_tables(chunk: list[Rows]) -> dict[str, list[tuple[object, ...]]]:
    return {
        "entry": [rows.entry for rows in chunk],
        "content": [rows.content for rows in chunk],
        "head": [rows.head for rows in chunk if rows.head],
    }


def _fill_sqlite(file: str, rows: Iterable[Rows], ended: tuple[int, int]) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        # A power cut would cost the fill, nothing else.
        connection.execute("PRAGMA synchronous = OFF")
        connection.execute("PRAGMA cache_size = -2000000")
        for chunk in _chunks(rows):
            connection.execute("BEGIN IMMEDIATE")
            for table, values in _of_tables(chunk).items():
                columns = _ROWS[table]
                marks = ", ".join("?" * len(columns))
                connection.executemany(
                    f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608 - our own names
                    values,
                )
            connection.execute("COMMIT")
        connection.execute("UPDATE site SET at = ?, size = ?", ended)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _fill_postgresql(
    place: Place, rows: Iterable[Rows], ended: tuple[int, int]
) -> None:
    with psycopg.connect(str(place.owner), autocommit=True) as connection:
        # Foreign keys hold by construction; checking each row takes most of the time.
        connection.execute("SET session_replication_role = replica")
        connection.execute("SET synchronous_commit = off")
        for chunk in _chunks(rows):
            with connection.transaction():
                for table, values in _of_tables(chunk).items():
                    _copy(connection, table, values)
        connection.execute("UPDATE site SET at = %s, size = %s", ended)
        connection.execute("VACUUM ANALYZE")


def _copy(
    connection: psycopg.Connection, table: str, values: list[tuple[object, ...]]
) -> None:
    columns = ", ".join(_ROWS[table])
    into = f"COPY {table} ({columns}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(into) as copy:
        for row in values:
            copy.write_row(row)
