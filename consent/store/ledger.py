"""Reading ledgers: entries by number, heads. Nothing here can append."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    Table,
    bindparam,
    func,
    select,
    type_coerce,
)

from consent.domain import entries
from consent.domain.entries import AnyBody, Entry, Publication, Record, Retention
from consent.domain.state import Change, change_in
from consent.domain.vocabulary import Kind
from consent.errors import NotFound, UnknownRecord, UnknownSite
from consent.store import tables
from consent.store.database import Database

CHUNK = 5_000
MAX_NUMBER = (1 << 63) - 1


class SiteRow(NamedTuple):
    """A site, how many entries its ledger has, and the name it is signed under."""

    site_id: int
    key: str
    size: int
    origin: str


_SITE = [tables.site.c[name] for name in SiteRow._fields]


def sites(connection: Connection) -> list[SiteRow]:
    """Return every site, oldest first."""
    query = select(*_SITE).order_by(tables.site.c.site_id)
    return [SiteRow(*row) for row in connection.execute(query)]


def site_row(connection: Connection, site: str) -> SiteRow:
    """Return the row of a site; raises UnknownSite."""
    row = connection.execute(select(*_SITE).where(tables.site.c.key == site)).first()
    if row is None:
        raise UnknownSite(site)
    return SiteRow(*row)


def rows_from(
    connection: Connection, site_id: int, number: int
) -> Iterator["Row[int, str, int, bytes]"]:
    """Yield number, kind, time and body of each entry from a number on, without gap.

    Times are microseconds since the epoch.

    A record's content may be gone; raises RuntimeError if anything else is missing.
    """
    # Every process reads the whole ledger when it starts: no column too many.
    entry, content = tables.entry, tables.content
    at_column = type_coerce(entry.c.at, BigInteger)
    columns = (entry.c.number, entry.c.kind, at_column, content.c.body)
    for rows in chunks(connection, site_id, columns, number - 1):
        for row in rows:
            found, kind, _, body = row
            if found != number or (body is None and kind != Kind.RECORD):
                raise RuntimeError(f"entry {number} or its content is missing")
            yield row
            number += 1


def chunks(
    connection: Connection,
    site_id: int,
    columns: Iterable[ColumnElement[Any]],
    after: int,
) -> Iterator[Sequence[Any]]:
    """Yield rows of the entries after a number, in order, with their contents if kept.

    The first of the columns has to be the entry's number.
    """
    entry, content = tables.entry, tables.content
    since = bindparam("since", type_=BigInteger)
    # PostgreSQL would merge from the first content on, whatever the entries ask.
    joined = is_content_of(entry) & (content.c.number > since)
    query = (
        select(*columns)
        .join_from(entry, content, joined, isouter=True)
        .where(entry.c.site_id == site_id, entry.c.number > since)
        .order_by(entry.c.number)
        .limit(CHUNK)
    )
    while rows := connection.execute(query, {"since": after}).all():
        yield rows
        after = rows[-1][0]


def changes_from(
    connection: Connection, site_id: int, number: int
) -> Iterator[tuple[Change, int]]:
    """Yield what each entry changes, and when, from a number on, without gap.

    Times are microseconds since the epoch. Raises RuntimeError if one is missing,
    and what decoding raises.
    """
    for place, _, at, body in rows_from(connection, site_id, number):
        yield change_in(place, body), at


def other_entries(
    column: ColumnElement[Any], site_id: int, *kinds: Kind
) -> Select[Any]:
    """Select a column of the entries of these kinds, none of which is of records.

    Entries without key are few, and an index leads to them.
    """
    entry, content = tables.entry, tables.content
    return (
        select(column)
        .join_from(entry, content, is_content_of(entry))
        .where(
            content.c.site_id == site_id,
            content.c.key.is_(None),
            entry.c.kind.in_(kinds),
        )
    )


class LedgerReader:
    """The ledger of one site, to read."""

    def __init__(self, database: Database, site: str) -> None:
        self._database = database
        self.site = site

    def record(self, number: int) -> Record:
        """Return the record with this number; raises UnknownRecord."""
        content = tables.content
        # A number that no database can hold names nothing.
        is_number = 0 <= number <= MAX_NUMBER
        found = self._body(content.c.number == number) if is_number else None
        if not isinstance(found, Record):
            raise UnknownRecord(f"{self.site} has no record {number}")
        return found

    def publication(self, number: int) -> Publication:
        """Return the publication with this number; raises NotFound."""
        found = self._body(tables.content.c.number == number)
        if not isinstance(found, Publication):
            raise NotFound(f"{self.site} published nothing as {number}")
        return found

    def body(self, number: int) -> AnyBody:
        """Return what an entry says; raises NotFound if that is gone."""
        found = self._body(tables.content.c.number == number)
        if found is None:
            raise NotFound(f"{self.site} holds no content of entry {number}")
        return found

    def content(self, number: int) -> tuple[bytes, bytes]:
        """Return the exact body and salt of an entry; raises UnknownRecord if gone."""
        content, site = tables.content, tables.site
        query = select(content.c.body, content.c.salt).join_from(
            content, site, content.c.site_id == site.c.site_id
        )
        mine = (site.c.key == self.site, content.c.number == number)
        with self._database.reading() as connection:
            found = connection.execute(query.where(*mine)).first()
        if found is None:
            raise UnknownRecord(f"{self.site} holds no content of entry {number}")
        return found.body, found.salt

    def head(self, subject: bytes) -> Record | None:
        """Return a subject's newest record, if there is one."""
        # Correlated with content, it would be looked up for every row of a site.
        number = (
            select(tables.head.c.number)
            .where(
                tables.head.c.site_id == self._site_id, tables.head.c.subject == subject
            )
            .scalar_subquery()
        )
        found = self._body(tables.content.c.number == number)
        return found if isinstance(found, Record) else None

    def history(self, subject: bytes) -> list[Record]:
        """Return a subject's records, newest first."""
        return list(self.back_from(self.head(subject)))

    def back_from(self, record: Record | None) -> Iterator[Record]:
        """Yield a record and those of its subject before it, each when it is due."""
        while record:
            yield record
            record = self._earlier(record)

    def count_heads(self) -> int:
        """Return how many subjects have a record."""
        mine = tables.head.c.site_id == self._site_id
        query = select(func.count()).select_from(tables.head).where(mine)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def heads(self) -> Iterator[Record]:
        """Yield the newest record of each subject."""
        head, content = tables.head, tables.content
        query = select(content.c.body).join_from(head, content, is_content_of(head))
        with self._database.reading() as connection:
            streaming = connection.execution_options(yield_per=CHUNK)
            mine = query.where(head.c.site_id == self._site_id)
            for body in map(entries.decode, streaming.scalars(mine)):
                if isinstance(body, Record):
                    yield body

    def first_since(self, moment: datetime) -> int:
        """Return the number of the first entry that is no older than a moment.

        Times never decrease along a ledger, so halving finds it.
        """
        entry = tables.entry
        with self._database.reading() as connection:
            row = site_row(connection, self.site)
            at = select(entry.c.at).where(entry.c.site_id == row.site_id)

            def at_of(number: int) -> datetime:
                found: datetime = connection.scalars(
                    at.where(entry.c.number == number)
                ).one()
                return found

            return bisect_left(range(row.size), moment, key=at_of)

    def purged_below(self) -> int:
        """Return the number below which record contents were purged so far."""
        with self._database.reading() as connection:
            site_id = site_row(connection, self.site).site_id
        number = func.max(tables.entry.c.number)
        newest = other_entries(number, site_id, Kind.RETENTION).scalar_subquery()
        body = self._body(tables.content.c.number == newest)
        return body.below if isinstance(body, Retention) else 0

    def entries(self, number: int = 0) -> Iterator[tuple[Entry, AnyBody | None]]:
        """Yield each entry from a number on, with its content if that is kept."""
        columns = (*tables.entry.c, tables.content.c.body)
        with self._database.reading() as connection:
            query = _entries(*columns).where(
                tables.entry.c.site_id == site_row(connection, self.site).site_id,
                tables.entry.c.number >= number,
            )
            rows = connection.execution_options(yield_per=CHUNK).execute(
                query.order_by(tables.entry.c.number)
            )
            for row in rows:
                entry = Entry(
                    number=row.number,
                    kind=Kind(row.kind),
                    at=row.at,
                    commitment=row.commitment,
                )
                yield entry, entries.decode(row.body) if row.body else None

    @property
    def _site_id(self) -> ScalarSelect[int]:
        site = tables.site
        return select(site.c.site_id).where(site.c.key == self.site).scalar_subquery()

    def _earlier(self, record: Record) -> Record | None:
        if record.previous is None:
            return None
        found = self._body(tables.content.c.number == record.previous)
        return found if isinstance(found, Record) else None

    def _body(self, condition: ColumnElement[bool]) -> AnyBody | None:
        query = select(tables.content.c.body).where(
            tables.content.c.site_id == self._site_id, condition
        )
        with self._database.reading() as connection:
            body = connection.scalar(query)
        return entries.decode(body) if body else None


def _entries(*columns: ColumnElement[Any]) -> Select[Any]:
    entry = tables.entry
    return select(*columns).join_from(
        entry, tables.content, is_content_of(entry), isouter=True
    )


def is_content_of(named: Table) -> ColumnElement[bool]:
    """Return the condition that a row of content belongs to an entry, or to a head."""
    content = tables.content
    return (content.c.site_id == named.c.site_id) & (content.c.number == named.c.number)
